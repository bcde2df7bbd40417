/**
 * Bash for an initramfs with kernel modules of more than one tree: the index that came with one (modules.dep and its
 * like) does not know those of another, so depmod makes one of all. Reads the list of files and rewrites it.
 */
export const indexModules = `index_modules() {
  awk '$1 == "file" && $2 ~ "^/lib/modules/[^/]+/" { print $2, $3 }' "$1" > /tmp/module-files
  sed 's:/[^/]* .*::; s:^:/tmp/index:' /tmp/module-files | sort -u | xargs mkdir -p /tmp/index
  while read -r path from; do ln -s "$from" "/tmp/index$path"; done < /tmp/module-files
  for folder in /tmp/index/lib/modules/*; do
    [ -d "$folder" ] || continue
    # depmod goes by this order, and by that of the file system where it names nothing.
    { cat "$folder/modules.order" 2> /dev/null || true; cd "$folder"; find . -name '*.ko*' -printf '%P\\n' | LC_ALL=C sort; } |
      awk '!seen[$0]++' > /tmp/modules.order
    rm -f "$folder/modules.order"
    cp /tmp/modules.order "$folder/modules.order"
    depmod -b /tmp/index "\${folder##*/}"
  done
  find /tmp/index -type f -printf 'file /%P /tmp/index/%P 0644 0 0\\n' > /tmp/module-index
  awk 'NR == FNR { made[$2] = 1; print; next } !($2 in made)' /tmp/module-index "$1" > /tmp/indexed
  mv /tmp/indexed "$1"
}
`;
