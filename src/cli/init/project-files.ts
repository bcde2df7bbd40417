export interface NewFile {
  /** Below the new project, forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The files of a new project beside its target: each says what it is for. */
export function projectFiles(name: string): NewFile[] {
  return [
    {
      path: "nvlab.yaml",
      text: `# A project sees the recipes that come with nvlab and puts its own over them.
name: ${name}
version: "0.1.0"
default-target: ${name}
`,
    },
    {
      path: "recipes/components/linux.yaml",
      text: `# Changes the shipped recipe of the same name: what is named here replaces, lists are added to.
# \`nvlab show linux\` prints what comes of it.
name: linux
extends: linux
fragments:
  - kernel-configs/${name}.config
patches:
  - patches/${name}-linux
`,
    },
    {
      path: `kernel-configs/${name}.config`,
      text: `# Kernel options of this project, merged behind those of the shipped fragments: the later one wins.
# An option that Kconfig drops is an error, with the reason. \`nvlab config linux --diff\` shows all.
CONFIG_DEFAULT_HOSTNAME="${name}"
`,
    },
    {
      path: `dts/${name}.dtso`,
      text: `// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What this board has beside the base tree, merged into it when the image is built. */

/dts-v1/;
/plugin/;

&{/} {
	model = "${name}";
};
`,
    },
    {
      path: `patches/${name}-linux/files/Documentation/${name}.rst`,
      text: `What lies in patches/${name}-linux
${"=".repeat(`What lies in patches/${name}-linux`.length)}

Files below files/ are laid over the kernel's source tree, as this one is: a driver goes to
files/drivers/... here. Changes to files that the kernel already has (a Makefile, a Kconfig) are
patches beside files/, named 0001-something.patch and applied in order, without fuzz.
`,
    },
    { path: ".gitignore", text: "out/\nreleases/\n" },
  ];
}
