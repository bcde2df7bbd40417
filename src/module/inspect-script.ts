import { symbolVersions } from "./outputs.ts";

/**
 * Bash that prints what finished modules ask of a kernel and what that kernel gives, for {@link parseInspection}. It
 * reads a kernel's part of its own: makefiles from outside could have written to the one that they were run from.
 */
export function inspectScript(kernel: string, others: readonly string[], modules: readonly string[]): string {
  const provided = ["/tmp/kernel/Module.symvers", ...others, `/out/${symbolVersions}`];
  return `mkdir /tmp/kernel
tar -C /tmp/kernel --no-same-owner -xf ${kernel}
cross=\${CROSS_COMPILE:-}
arch=$(echo /tmp/kernel/arch/*)
printf '%s\\n' '#define INCLUDE_VERMAGIC' '#include <linux/vermagic.h>' 'expected VERMAGIC_STRING' |
  "\${cross}gcc" -E -P -nostdinc -D__KERNEL__ -DMODULE -I "$arch/include" -I "$arch/include/generated" \\
    -I /tmp/kernel/include -include linux/kconfig.h - | grep '^expected '
if grep -qx CONFIG_MODVERSIONS=y /tmp/kernel/include/config/auto.conf; then echo modversions; fi
sed 's/^/built /' /obj/built
for module in ${modules.join(" ")}; do
  file=$(echo /out/modules/lib/modules/*/extra/"$module")
  [ -e "$file" ] || continue
  echo "module $module"
  for field in vermagic license import_ns; do
    modinfo -F "$field" "$file" 2> /dev/null | sed "s/^/$field /" || true
  done
  { "\${cross}nm" -u "$file" 2> /dev/null || true; } | awk '$1 == "U" { print "undefined", $2 }'
  { modprobe --dump-modversions "$file" 2> /dev/null || true; } | awk 'NF == 2 { print "crc", $1, $2 }'
done | tee /tmp/asked
awk '$1 == "undefined" { print $2 }' /tmp/asked > /tmp/wanted
for provided in ${provided.join(" ")}; do
  awk -F '\\t' 'NR == FNR { wanted[$0]; next } $2 in wanted { print "export " $0 }' /tmp/wanted "$provided"
done
`;
}
