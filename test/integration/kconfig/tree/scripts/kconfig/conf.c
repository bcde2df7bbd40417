#include <stdio.h>
#include <string.h>
#include "lkc.h"

int main(int argc, char **argv)
{
	const char *defconfig = !strncmp(argv[1], "--defconfig=", 12) ? argv[1] + 12 : NULL;
	struct symbol *sym;
	FILE *file;
	int i;

	conf_parse(argv[argc - 1]);
	if (!defconfig || *defconfig)
		conf_read(defconfig);
	file = fopen(".config", "w");
	if (!file)
		return 1;
	for_all_symbols(i, sym) {
		const char *value = sym_get_string_value(sym);

		if (strcmp(value, "n"))
			fprintf(file, "CONFIG_%s=%s\n", sym->name, value);
		else
			fprintf(file, "# CONFIG_%s is not set\n", sym->name);
	}
	return fclose(file);
}
