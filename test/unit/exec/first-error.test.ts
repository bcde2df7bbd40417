import { describe, expect, it } from "vitest";
import { findFirstError } from "../../../src/exec/first-error.ts";

interface Sample {
  readonly what: string;
  readonly log: string;
  /** The line that has to be found, in part. */
  readonly line: string;
  readonly place?: readonly [file: string, line: number, column?: number];
}

const cascade = `make[3]: *** [/src/scripts/Makefile.build:287: drivers/nvlink/link.o] Error 1
make[2]: *** [/src/scripts/Makefile.build:556: drivers/nvlink] Error 2
make[2]: *** Waiting for unfinished jobs....
make[1]: *** [/src/Makefile:2010: .] Error 2
make: *** [/src/Makefile:248: __sub-make] Error 2`;

const samples: readonly Sample[] = [
  {
    what: "a C error under a cascade of make's, after warnings and other jobs' lines",
    log: `  CC      drivers/base/error.o
../drivers/base/dd.c:120:9: warning: unused variable 'error' [-Wunused-variable]
In file included from /src/drivers/nvlink/link.c:8:
/src/drivers/nvlink/link.c: In function 'nvlink_train':
/src/drivers/nvlink/link.c:42:17: error: 'struct nvlink' has no member named 'lanez'; did you mean 'lanes'?
   42 |         if (link->lanez == 0)
  CC      drivers/base/firmware.o
/src/drivers/nvlink/link.c:57:2: error: expected ';' before '}' token
${cascade}`,
    line: "no member named 'lanez'",
    place: ["/src/drivers/nvlink/link.c", 42, 17],
  },
  {
    what: "a missing header",
    log: `/src/tools/mkeficapsule.c:21:10: fatal error: gnutls/gnutls.h: No such file or directory
   21 | #include <gnutls/gnutls.h>
compilation terminated.
make[2]: *** [scripts/Makefile.host:104: tools/mkeficapsule.o] Error 1`,
    line: "gnutls/gnutls.h",
    place: ["/src/tools/mkeficapsule.c", 21, 10],
  },
  {
    what: "a warning made an error",
    log: `a.c:3:5: error: unused variable 'x' [-Werror=unused-variable]\ncc1: all warnings being treated as errors`,
    line: "unused variable",
    place: ["a.c", 3, 5],
  },
  {
    what: "an error in colours",
    log: "\u001b[01m\u001b[K/src/a.c:3:5:\u001b[m\u001b[K \u001b[01;31m\u001b[Kerror: \u001b[m\u001b[Kexpected ';'",
    line: "/src/a.c:3:5: error: expected ';'",
    place: ["/src/a.c", 3, 5],
  },
  {
    what: "a compiler that memory ran out for",
    log: `riscv64-linux-gnu-gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n${cascade}`,
    line: "Killed signal terminated program cc1",
  },
  {
    what: "an assembler error",
    log: `/src/firmware/fw_base.S: Assembler messages:\n/src/firmware/fw_base.S:61: Error: unrecognized opcode \`lx a0,0(sp)'`,
    line: "unrecognized opcode",
    place: ["/src/firmware/fw_base.S", 61],
  },
  {
    what: "a symbol the linker does not find",
    log: `  LD      vmlinux
/usr/bin/riscv64-linux-gnu-ld: drivers/nvlink/link.o: in function \`nvlink_probe':
/src/drivers/nvlink/link.c:88:(.text+0x1c): undefined reference to \`nvlink_reset'
collect2: error: ld returned 1 exit status`,
    line: "undefined reference to `nvlink_reset'",
    place: ["/src/drivers/nvlink/link.c", 88],
  },
  {
    what: "a symbol the linker does not find, without debug information",
    log: `/usr/bin/riscv64-linux-gnu-ld: link.o: in function \`.L0 ':
link.c:(.text+0x1c): undefined reference to \`nvlink_reset'
collect2: error: ld returned 1 exit status`,
    line: "undefined reference",
    place: ["link.c", NaN],
  },
  {
    what: "a library the linker does not find",
    log: `/usr/bin/riscv64-linux-gnu-ld: cannot find -lcrypto: No such file or directory\ncollect2: error: ld returned 1 exit status`,
    line: "cannot find -lcrypto",
  },
  {
    what: "an image too large for its memory",
    log: `riscv64-linux-gnu-ld.bfd: u-boot-spl section \`.text' will not fit in region \`.spl_mem'
riscv64-linux-gnu-ld.bfd: region \`.spl_mem' overflowed by 512 bytes`,
    line: "will not fit in region",
  },
  {
    what: "a module's missing symbol",
    log: `  MODPOST Module.symvers\nERROR: modpost: "nvlink_train" [drivers/nvlink/nvlink.ko] undefined!\n${cascade}`,
    line: 'modpost: "nvlink_train"',
  },
  {
    what: "a device tree's syntax",
    log: `  DTC     arch/riscv/dts/board.dtb\nError: /src/arch/riscv/dts/board.dts:12.3-9 syntax error\nFATAL ERROR: Unable to parse input tree`,
    line: "syntax error",
    place: ["/src/arch/riscv/dts/board.dts", 12, 3],
  },
  {
    what: "a device tree's check",
    log: `/project/dts/board.dts:20.12-24.4: ERROR (duplicate_node_names): /soc/uart@0: Duplicate node name
ERROR: Input tree has errors, aborting (use -f to force output)`,
    line: "duplicate_node_names",
    place: ["/project/dts/board.dts", 20, 12],
  },
  {
    what: "an overlay that does not fit its base",
    log: "Failed to apply '/obj/nvlink.dtbo': FDT_ERR_NOTFOUND",
    line: "FDT_ERR_NOTFOUND",
  },
  {
    what: "a fault in a Kconfig file",
    log: `drivers/nvlink/Kconfig:7: syntax error\ndrivers/nvlink/Kconfig:6: unknown statement "depend"\nmake[2]: *** [/src/scripts/kconfig/Makefile:85: olddefconfig] Error 1`,
    line: "Kconfig:7: syntax error",
    place: ["drivers/nvlink/Kconfig", 7],
  },
  {
    what: "a defconfig that is not there",
    log: `***\n*** Can't find default configuration "arch/riscv/configs/board_defconfig"!\n***\n${cascade}`,
    line: "board_defconfig",
  },
  {
    what: "a file that no rule makes",
    log: `make[2]: *** No rule to make target 'drivers/nvlink/link.o', needed by 'drivers/nvlink/built-in.a'.  Stop.\nmake[1]: *** [/src/Makefile:2010: .] Error 2`,
    line: "No rule to make target 'drivers/nvlink/link.o'",
  },
  {
    what: "an $(error) of a makefile",
    log: `/src/Makefile:31: *** Toolchain does not support PIE.  Stop.`,
    line: "Toolchain does not support PIE",
    place: ["/src/Makefile", 31],
  },
  {
    what: "a tool that the root lacks, after a harmless probe",
    log: `/bin/sh: 1: git: not found\n  YACC    scripts/dtc/dtc-parser.tab.[ch]\n/bin/sh: 1: bison: not found\nmake[1]: *** [scripts/Makefile.host:17: scripts/dtc/dtc-parser.tab.h] Error 127`,
    line: "bison: not found",
  },
  {
    what: "a real error rather than a harmless probe before it",
    log: `/bin/sh: 1: git: not found\nmake[1]: pkg-config: No such file or directory\nb.c:1:1: error: unknown type name 'foo'`,
    line: "unknown type name",
    place: ["b.c", 1, 1],
  },
  {
    what: "a mistake in a recipe's own script",
    log: `/generated/script: line 4: instal: command not found`,
    line: "instal: command not found",
    place: ["/generated/script", 4],
  },
  {
    what: "a Python program that failed",
    log: `Traceback (most recent call last):
  File "/src/tools/binman/binman", line 133, in <module>
    sys.exit(Main())
  File "/src/tools/binman/elf.py", line 20, in Main
    from elftools.elf.elffile import ELFFile
ModuleNotFoundError: No module named 'elftools'
make[1]: *** [Makefile:1126: u-boot.itb] Error 1`,
    line: "ModuleNotFoundError: No module named 'elftools'",
    place: ["/src/tools/binman/elf.py", 20],
  },
  {
    what: "a patch that does not apply",
    log: `patching file drivers/Kconfig\nHunk #1 FAILED at 12.\n1 out of 1 hunk FAILED -- saving rejects to file drivers/Kconfig.rej`,
    line: "1 out of 1 hunk FAILED",
  },
  {
    what: "a grammar",
    log: "/src/scripts/dtc/dtc-parser.y:12.3-15: error: syntax error, unexpected identifier",
    line: "unexpected identifier",
    place: ["/src/scripts/dtc/dtc-parser.y", 12, 3],
  },
  {
    what: "a full disk",
    log: `/tmp/ccXyZ.s: No space left on device\n${cascade}`,
    line: "No space left on device",
  },
  {
    what: "a file that a copy does not find",
    log: "install: cannot stat '/obj/u-boot.itb': No such file or directory",
    line: "cannot stat '/obj/u-boot.itb'",
  },
  {
    what: "make's own word where nothing else was said, leaving out what it ignored",
    log: `make[1]: [Makefile:9: optional] Error 1 (ignored)\nmake[1]: *** [Makefile:12: check] Error 1\nmake: *** [Makefile:3: all] Error 2`,
    line: "[Makefile:12: check] Error 1",
    place: ["Makefile", 12],
  },
];

describe("findFirstError", () => {
  it.each(samples)("finds $what", ({ log, line, place }) => {
    const found = findFirstError(log.split("\n"));
    expect(found?.line).toContain(line);
    const [file, lineNumber, column] = place ?? [];
    expect(found?.file).toBe(file);
    expect(found?.lineNumber).toBe(Number.isNaN(lineNumber) ? undefined : lineNumber);
    expect(found?.column).toBe(column);
  });

  it("finds nothing in the log of a build that went well", () => {
    const log = [
      "  CC      lib/errname.o",
      "  AR      drivers/edac/error.a",
      "/src/a.c:3:5: warning: 'error' may be used uninitialized",
      "checking for error_at_line... yes",
      "0 errors, 2 warnings",
      "make[1]: Leaving directory '/obj'",
    ];
    expect(findFirstError(log)).toBeUndefined();
    expect(findFirstError([])).toBeUndefined();
  });

  it("tells the line of the log and the message without its place", () => {
    expect(findFirstError(["ok", "a.c:1:2: error: no"])).toEqual({
      line: "a.c:1:2: error: no",
      logLine: 2,
      message: "no",
      file: "a.c",
      lineNumber: 1,
      column: 2,
    });
  });
});
