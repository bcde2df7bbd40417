/**
 * A seccomp program for sandboxes that keep the caller's terminal: without it a program inside could push
 * characters into that terminal (ioctl TIOCSTI, TIOCLINUX), which the caller's shell would then run.
 * Format: struct sock_filter of linux/filter.h over struct seccomp_data of linux/seccomp.h, x86-64.
 */
export function terminalFilter(): Buffer {
  const [load, equal, atLeast, give] = [0x20, 0x15, 0x35, 0x06] as const;
  const [allow, refuse, kill] = [0x7fff0000, 0x00050000 | eperm, 0x80000000] as const;
  const [number, architecture, secondArgument] = [0, 4, 24] as const;
  return Buffer.concat([
    instruction(load, 0, 0, architecture),
    instruction(equal, 1, 0, auditArchX8664),
    instruction(give, 0, 0, kill),
    instruction(load, 0, 0, number),
    instruction(atLeast, 5, 0, x32Bit),
    instruction(equal, 0, 3, ioctl),
    instruction(load, 0, 0, secondArgument),
    instruction(equal, 2, 0, tiocsti),
    instruction(equal, 1, 0, tioclinux),
    instruction(give, 0, 0, allow),
    instruction(give, 0, 0, refuse),
  ]);
}

const eperm = 1;
const ioctl = 16;
const tiocsti = 0x5412;
const tioclinux = 0x541c;
const auditArchX8664 = 0xc000003e;
const x32Bit = 0x40000000;

/** @param yes instructions to skip where the comparison holds @param no where it does not */
function instruction(code: number, yes: number, no: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
