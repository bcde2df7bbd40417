import { z } from "zod";
import { GuestPath, Mode, Name, OutputPath, OutputReference, ProjectPath } from "./text.ts";

/** Where the bytes of a guest file come from: the project itself, or the output of a component. */
const From = {
  from: ProjectPath.optional().describe("a file of the project"),
  output: OutputReference.optional().describe("component/path of an output"),
};
const oneOrigin = (entry: { from?: string | undefined; output?: string | undefined }): boolean =>
  (entry.from === undefined) !== (entry.output === undefined);
const oneOriginMessage = { error: "give either 'from' (a project file) or 'output' (component/path)" };

const Owner = { uid: z.int().min(0).default(0), gid: z.int().min(0).default(0) };

export const InitramfsEntry = z.union([
  z.strictObject({ dir: GuestPath, mode: Mode.default("0755"), ...Owner }),
  z.strictObject({ file: GuestPath, mode: Mode.default("0644"), ...From, ...Owner }).refine(oneOrigin, oneOriginMessage),
  z
    .strictObject({ tree: GuestPath.describe("copies a whole folder; modes are kept as 0755/0644"), ...From })
    .refine(oneOrigin, oneOriginMessage),
  z.strictObject({ link: GuestPath, to: z.string().min(1) }),
  z.strictObject({
    node: GuestPath,
    type: z.enum(["c", "b"]),
    major: z.int().min(0),
    minor: z.int().min(0),
    mode: Mode.default("0600"),
  }),
  z.strictObject({ text: z.string(), file: GuestPath, mode: Mode.default("0644"), ...Owner }),
]);
export type InitramfsEntry = z.output<typeof InitramfsEntry>;

const Compression = z.enum(["none", "gzip", "zstd"]);

export const InitramfsStep = z.strictObject({
  initramfs: z.strictObject({
    output: OutputPath.default("initramfs.cpio.zst").describe("ignored in a target, where the image has a name"),
    compression: Compression.default("zstd"),
    entries: z.array(InitramfsEntry).min(1),
  }),
});

export const DeviceTreeStep = z.strictObject({
  "device-tree": z.strictObject({
    source: ProjectPath.describe("the base device tree source (.dts)"),
    overlays: z.array(ProjectPath).default([]).describe("merged in order with fdtoverlay"),
    include: z.array(ProjectPath).default([]).describe("folders for #include and /include/"),
    contract: z
      .literal("nvlink-fusion")
      .optional()
      .describe("what the tree promises the kernel; a tree with NVLink Fusion controllers has to name it"),
    verify: z
      .strictObject({ keys: z.array(Name).min(1).describe("a FIT has to be signed by one of them") })
      .optional()
      .describe("makes it a control device tree of a U-Boot that boots signed FITs only"),
  }),
});

export const FitStep = z.strictObject({
  fit: z.strictObject({
    description: z.string().default("nvlab boot image"),
    kernel: z.strictObject({
      data: OutputReference,
      compression: z.enum(["none", "gzip", "zstd", "lz4"]).default("none"),
      load: z.string().regex(/^0x[0-9a-f]+$/).describe("load address, as in 0x80200000, in quotes"),
      entry: z.string().regex(/^0x[0-9a-f]+$/).optional(),
    }),
    ramdisk: z.strictObject({ data: OutputReference }).optional(),
    "device-tree": z.strictObject({
      data: OutputReference,
      load: z.string().regex(/^0x[0-9a-f]+$/).optional(),
    }),
    "command-line": z.string().describe("kernel command line, kept in /chosen/bootargs of the device tree"),
    configuration: z.string().regex(/^[a-z0-9-]+$/).default("conf-1"),
    sign: z
      .strictObject({ key: Name.describe("as in --fit-key NAME=FILE; without a file a development key is made") })
      .optional()
      .describe("signs the configuration: kernel, ramdisk, device tree and the command line in it"),
  }),
});

export const UBootStep = z.strictObject({
  "u-boot": z.strictObject({
    program: OutputReference.describe("u-boot-nodtb.bin of a U-Boot that is configured with OF_SEPARATE"),
    "device-tree": OutputReference.describe("its control device tree"),
  }),
});

export const DiskStep = z.strictObject({
  disk: z.strictObject({
    size: z.string().regex(/^[0-9]+M$/).describe("whole disk, in mebibytes, as in 64M"),
    partitions: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z0-9-]{1,36}$/),
          type: z.enum(["esp", "boot", "linux"]).default("boot"),
          filesystem: z.enum(["fat32", "fat16", "ext4", "raw"]).default("fat32"),
          bootable: z.boolean().default(false),
          size: z.string().regex(/^[0-9]+M$/),
          files: z.record(OutputPath, OutputReference).default({}).describe("name in the partition: output"),
        }),
      )
      .min(1),
  }),
});

export const ImageStep = z.union([InitramfsStep, DeviceTreeStep, FitStep, UBootStep, DiskStep]);
export type ImageStep = z.output<typeof ImageStep>;
export type InitramfsStep = z.output<typeof InitramfsStep>;
export type DeviceTreeStep = z.output<typeof DeviceTreeStep>;
export type FitStep = z.output<typeof FitStep>;
export type UBootStep = z.output<typeof UBootStep>;
export type DiskStep = z.output<typeof DiskStep>;
