/** PCI slots of a machine's disks, in order from this one on. */
export const firstDiskSlot = 1;

/** PCI slot of a machine's network card. */
export const networkSlot = 8;
