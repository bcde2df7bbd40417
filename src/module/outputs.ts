/** What a kernel's recipe has to put out for modules from outside: headers, scripts, Module.symvers. */
export const moduleBuild = "module-build.tar.zst";

/** Symbols that a component's modules export, for other modules. */
export const symbolVersions = "Module.symvers";
