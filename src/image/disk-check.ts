import type { DiskStep } from "../recipe/schema/image.ts";

type Disk = DiskStep["disk"];
type Partition = Disk["partitions"][number];

/** The GPT and the alignment of the first partition take one mebibyte in front, the second GPT one behind. */
const overhead = 2;

/** In mebibytes. Below this a FAT has fewer clusters than its kind asks, and readers take it for another. */
const smallest: Readonly<Record<Partition["filesystem"], number>> = { fat32: 33, fat16: 3, ext4: 2, raw: 1 };

/** Mebibytes of a size such as 64M. */
export function mebibytes(size: string): number {
  return Number(size.slice(0, -1));
}

/** What is wrong with a disk step although each field is well formed, as sentences. */
export function checkDisk(disk: Disk): string[] {
  const faults = disk.partitions.flatMap(partitionFaults);
  const names = disk.partitions.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  faults.push(...new Set(twice.map((name) => `two partitions are named ${name}`)));
  const needed = disk.partitions.reduce((sum, { size }) => sum + mebibytes(size), overhead);
  if (needed > mebibytes(disk.size)) {
    faults.push(
      `the partitions need ${needed}M with ${overhead}M for the partition tables, the disk has ${disk.size}`,
    );
  }
  return faults;
}

function partitionFaults(partition: Partition): string[] {
  const { name, filesystem, size } = partition;
  const faults: string[] = [];
  const files = Object.keys(partition.files);
  if (mebibytes(size) < smallest[filesystem]) {
    faults.push(`partition ${name}: ${filesystem} needs at least ${smallest[filesystem]}M, it has ${size}`);
  }
  if (filesystem === "raw" && files.length !== 1) {
    faults.push(`partition ${name}: a raw partition holds exactly one file, it names ${files.length}`);
  }
  if (filesystem === "fat32" || filesystem === "fat16") {
    const lower = files.map((file) => file.toLowerCase());
    const clash = files.filter((_, index) => lower.indexOf(lower[index] ?? "") !== index);
    faults.push(...clash.map((file) => `partition ${name}: FAT takes ${file} for another name of its files`));
  }
  const below = files.find((file) => files.some((other) => file.startsWith(`${other}/`)));
  if (below !== undefined) faults.push(`partition ${name}: ${below} lies below another file`);
  return faults;
}
