/** The first line that any of these matches is the error. Their groups: file, line, column, message. */
export const errorPatterns: readonly RegExp[] = [
  // gcc, clang, cpp: file.c:12:5: error: …; also when the compiler itself was killed or crashed.
  /^(?<file>[^\s:][^:]*):(?<line>\d+)(?::(?<column>\d+))?: (?:fatal |internal compiler )?error: (?<message>.+)$/,
  // bison, flex: grammar.y:12.3-15: error: …
  /^(?<file>[^\s:][^:]*):(?<line>\d+)\.(?<column>\d+)(?:-[\d.]+)?: (?:fatal )?error: (?<message>.+)$/,
  // GNU as: entry.S:40: Error: …
  /^(?<file>[^\s:][^:]*):(?<line>\d+): Error: (?<message>.+)$/,
  // dtc: Error: board.dts:12.3-9 syntax error
  /^(?:FATAL )?Error: (?<file>[^\s:]+):(?<line>\d+)\.(?<column>\d+)(?:-[\d.]+)? (?<message>.+)$/,
  // dtc's checks: board.dts:12.3-13.4: ERROR (phandle_references): /soc: …
  /^(?<file>[^\s:]+):(?<line>\d+)\.(?<column>\d+)(?:-[\d.]+)?: ERROR (?<message>.+)$/,
  /^(?<message>ERROR \([a-z_]+\): .+)$/,
  // GNU ld with debug information, and without.
  /^(?:\S*ld(?:\.\w+)?: )?(?<file>[^\s:]+\.(?:c|S|s|cc|cpp|h)):(?:(?<line>\d+):)?(?:\([^)]*\):)? (?<message>(?:undefined reference to|multiple definition of|relocation truncated).+)$/,
  /^(?:\S*ld(?:\.\w+)?: )?(?<file>[^\s:]+\.(?:o|a|lds)\S*?):(?:(?<line>\d+):)?(?:\([^)]*\):)? (?<message>(?:undefined reference to|multiple definition of|relocation truncated|syntax error).+)$/,
  /^\S*ld(?:\.\w+)?: (?<message>(?:cannot |can't |region |(?:\S+ )?section .+ (?:will not fit|overlaps)|undefined |final link failed|unrecognized |error: ).+)$/,
  // The kernel's module post-processing.
  /^ERROR: (?<message>modpost: .+)$/,
  // Kconfig.
  /^(?<file>[^\s:]*Kconfig[^\s:]*):(?<line>\d+): ?(?<message>(?:syntax error|can't open|invalid|recursive|unknown|warning: ignoring|error:).*)$/,
  /^(?<file>[^\s:]*Kconfig[^\s:]*):(?<line>\d+):(?:(?<column>\d+):)? (?<message>error: .+)$/,
  /^(?<message>error: recursive dependency detected!.*)$/,
  /^\*\*\* (?<message>Can't find default configuration.+)$/,
  // make itself: a rule that is not there, an $(error …), a fault of syntax.
  /^(?<file>[^\s:]+):(?<line>\d+): \*\*\* (?!\[)(?<message>.+?)(?: {2}Stop\.)?$/,
  /^\S*make(?:\[\d+\])?: \*\*\* (?<message>No rule to make target .+?)(?: {2}Stop\.)?$/,
  // Python: the message follows the stack.
  /^(?<message>Traceback \(most recent call last\):)$/,
  // patch.
  /^patch: \*{4} (?<message>.+)$/,
  /^(?<message>\d+ out of \d+ hunks? (?:FAILED|failed).*)$/,
  /^(?<message>can't find file to patch at input line \d+.*)$/,
  // Space and memory.
  /^(?<message>.*No space left on device)$/,
  /^(?<message>.*Killed signal terminated program .+)$/,
  /^(?<message>.*Failed to apply '.+': FDT_ERR_\w+.*)$/,
];

/**
 * Often the cause, often harmless (a probe for an optional tool prints the same): only where no line matches the
 * patterns above, and then the last such line, as the one nearest to the end.
 */
export const likelyPatterns: readonly RegExp[] = [
  // Commands that are missing, for make, in bash and in dash.
  /^\S*make(?:\[\d+\])?: (?<message>.+: (?:No such file or directory|Permission denied))$/,
  /^(?<file>\S+): line (?<line>\d+): (?<message>.+: (?:command not found|No such file or directory|Permission denied|unbound variable)|syntax error.+)$/,
  /^(?<file>\S+): (?<line>\d+): (?<message>\S.*: (?:not found|Permission denied|parameter not set)|Syntax error.*)$/,
  // coreutils, tar, mkimage, mcopy …: "cp: cannot stat 'x': No such file or directory"
  /^(?:\S*\/)?(?<message>[a-z][\w.+-]*: (?:cannot |can't |Can't |Cannot |missing |unrecognized option|invalid option).+)$/,
  // Anything else that calls itself an error at the start of a line.
  /^(?!collect2)(?:\S+: )?(?:fatal |internal compiler )?error: (?<message>.+)$/,
  /^(?:FATAL ERROR|FATAL|Fatal error|fatal|ERROR|Error): (?<message>.+)$/,
  /^(?:\S+: )(?<message>(?:FATAL ERROR|ERROR|Error): .+)$/,
  /^binman: (?<message>.+)$/,
];

/** What explains a failure only where nothing better was printed. */
export const lastResorts: readonly RegExp[] = [
  /^(?<message>collect2: error: .+)$/,
  /^\S*make(?:\[\d+\])?: \*\*\* \[(?<file>[^\s:\]]+):(?<line>\d+): (?<message>.+)$/,
  /^\S*make(?:\[\d+\])?: \*\*\* (?<message>.+)$/,
  /^(?<message>Killed|Segmentation fault.*|Terminated)$/,
  /^(?<message>\S.*: No such file or directory)$/,
];

/** Lines that look like an error and are none. */
export const noise: readonly RegExp[] = [
  /\(ignored\)$/,
  /^\S*make(?:\[\d+\])?: \*\*\* Waiting for unfinished jobs/,
  /^\s*(?:CC|LD|AR|AS|HOSTCC|HOSTLD|GEN|UPD|COPY|INSTALL|DTC|OBJCOPY|STRIP) /,
  /\bwarning: (?!ignoring)/,
];
