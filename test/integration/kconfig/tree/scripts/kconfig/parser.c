/*
 * PCI selects MMU, which has no prompt; VFIO depends on PCI && IOMMU; IOMMU stands for itself. Without
 * srctree, which the makefile gives, a Kconfig file cannot be read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lkc.h"

enum { PCI, MMU, VFIO, IOMMU };

static struct expr is_pci = { E_SYMBOL, { .sym = &options[PCI] } };
static struct expr is_iommu = { E_SYMBOL, { .sym = &options[IOMMU] } };
static struct expr is_mmu = { E_SYMBOL, { .sym = &options[MMU] } };
static struct expr both = { E_AND, { .expr = &is_pci }, { .expr = &is_iommu } };

static struct property selects_mmu = { NULL, P_SELECT, NULL, { NULL, yes }, &is_mmu };
static struct property pci_prompt = { &selects_mmu, P_PROMPT, "PCI", { NULL, yes } };
static struct property vfio_prompt = { NULL, P_PROMPT, "VFIO", { &both, no } };
static struct property iommu_prompt = { NULL, P_PROMPT, "IOMMU", { NULL, yes } };

struct symbol options[OPTIONS] = {
	[PCI] = { "PCI", S_BOOLEAN, .prop = &pci_prompt },
	[MMU] = { "MMU", S_BOOLEAN },
	[VFIO] = { "VFIO", S_TRISTATE, .prop = &vfio_prompt, .dir_dep = { &both, no } },
	[IOMMU] = { "IOMMU", S_BOOLEAN, .prop = &iommu_prompt },
};

static tristate value(struct symbol *sym)
{
	if (sym == &options[MMU])
		return value(&options[PCI]);
	if (sym == &options[VFIO] && expr_calc_value(&both) == no)
		return no;
	return sym->user;
}

tristate expr_calc_value(struct expr *e)
{
	tristate left, right;

	if (!e)
		return yes;
	if (e->type == E_SYMBOL)
		return value(e->left.sym);
	left = expr_calc_value(e->left.expr);
	right = expr_calc_value(e->right.expr);
	return left < right ? left : right;
}

void expr_print(struct expr *e, void (*fn)(void *, struct symbol *, const char *), void *data, int prevtoken)
{
	if (e->type == E_SYMBOL) {
		fn(data, e->left.sym, e->left.sym->name);
		return;
	}
	expr_print(e->left.expr, fn, data, e->type);
	fn(data, NULL, " && ");
	expr_print(e->right.expr, fn, data, e->type);
}

void conf_parse(const char *name)
{
	if (!getenv("srctree")) {
		fprintf(stderr, "%s: srctree is not set\n", name);
		exit(1);
	}
}

int conf_read(const char *name)
{
	FILE *file = fopen(name && *name ? name : ".config", "r");
	char line[256], option[64], given;

	if (!file)
		return 1;
	while (fgets(line, sizeof line, file))
		if (sscanf(line, "CONFIG_%63[^=]=%c", option, &given) == 2 && sym_find(option))
			sym_find(option)->user = given == 'y' ? yes : given == 'm' ? mod : no;
	return fclose(file);
}

struct symbol *sym_find(const char *name)
{
	struct symbol *sym;
	int i;

	for_all_symbols(i, sym)
		if (!strcmp(sym->name, name))
			return sym;
	return NULL;
}

void sym_calc_value(struct symbol *sym)
{
	sym->visible = sym->prop ? expr_calc_value(sym->dir_dep.expr) : no;
}

const char *sym_get_string_value(struct symbol *sym)
{
	static const char *const names[] = { "n", "m", "y" };

	return names[value(sym)];
}

const char *sym_type_name(enum symbol_type type)
{
	return type == S_BOOLEAN ? "bool" : "tristate";
}
