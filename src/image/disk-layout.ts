import type { DiskStep } from "../recipe/schema/image.ts";
import { derivedUuid } from "./derived-uuid.ts";

type Disk = DiskStep["disk"];
type Partition = Disk["partitions"][number];

/** GPT partition types: UEFI specification (ESP), Discoverable Partitions Specification, Linux data. */
const partitionTypes: Readonly<Record<Partition["type"], string>> = {
  esp: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  boot: "bc13c2ff-59e6-4262-a352-b275fd6f7172",
  linux: "0fc63daf-8483-4772-8e79-3d69d8477de4",
};

/** The identifier of a partition and of the file system in it: from the target, image and partition names. */
export function partitionUuid(scope: string, partition: string): string {
  return derivedUuid(`${scope}/${partition}`);
}

/** Where the step keeps a finished partition before genimage puts it in place. */
export function partitionImage(partition: string): string {
  return `/obj/partitions/${partition}.img`;
}

/** The configuration of genimage for the whole disk; partitions are files made before. */
export function diskLayout(disk: Disk, image: string, scope: string): string {
  const partitions = disk.partitions.map(
    (partition) => `  partition ${partition.name} {
    image = "${partitionImage(partition.name)}"
    size = ${partition.size}
    partition-type-uuid = "${partitionTypes[partition.type]}"
    partition-uuid = "${partitionUuid(scope, partition.name)}"
    bootable = ${String(partition.bootable)}
  }
`,
  );
  return `image ${image} {
  size = ${disk.size}
  hdimage {
    partition-table-type = "gpt"
    align = 1M
    disk-uuid = "${derivedUuid(scope)}"
  }
${partitions.join("")}}
`;
}
