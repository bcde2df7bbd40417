/** Names of the documents of a release; the manifest lists them with their digests. */
export const sbomName = "sbom.cdx.json";
export const provenanceName = "provenance.intoto.json";
export const lockName = "nvlab.lock";
/** Folder of licence texts, with a table of them. */
export const licenceFolder = "licenses";
