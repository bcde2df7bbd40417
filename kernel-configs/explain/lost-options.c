// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says why a Kconfig tree did not keep an option. Compiled against the scripts/kconfig of that very tree, it
 * takes the place of its `conf` program, so that the tree's own makefiles start it with the environment its
 * Kconfig files need; the last argument is the top Kconfig file.
 *
 * NVLAB_LOST         names of options, with CONFIG_, separated by spaces
 * NVLAB_EXPLANATION  file to write: a JSON object in a line for each option
 *
 * Three generations of the parser are known: BusyBox's of 2005 (no sym->dir_dep), that of Linux up to 6.9 and
 * U-Boot, and that of Linux from 6.10 on (a hash table of list nodes, choices are menus).
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lkc.h"
#ifdef KCONFIG_HASHTABLE
#include "internal.h"
#endif

#define SIMILAR 3

static FILE *out;

static void json_string(const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		if ((unsigned char)*text < 0x20)
			fprintf(out, "\\u%04x", *text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void json_key(const char *key)
{
	fputc(',', out);
	json_string(key);
	fputc(':', out);
}

struct text {
	char *bytes;
	size_t length;
};

static void append(struct text *text, const char *more)
{
	size_t length = strlen(more);

	text->bytes = realloc(text->bytes, text->length + length + 1);
	if (!text->bytes)
		abort();
	memcpy(text->bytes + text->length, more, length + 1);
	text->length += length;
}

#ifdef KCONFIG_NO_SYMBOL_IN_PRINT
static void append_part(void *data, const char *part)
#else
static void append_part(void *data, struct symbol *sym, const char *part)
#endif
{
	append(data, part);
}

static void json_expression(struct expr *e)
{
	struct text text = { NULL, 0 };

	append(&text, "");
	expr_print(e, append_part, &text, E_NONE);
	json_string(text.bytes);
	free(text.bytes);
}

static const char *value_of(struct symbol *sym)
{
	const char *value;

	sym_calc_value(sym);
	value = sym_get_string_value(sym);
	return value ? value : "";
}

/* A constant in an expression is a symbol without a type. */
static bool is_option(struct symbol *sym)
{
	return sym->name && !(sym->flags & SYMBOL_CONST);
}

static void json_symbol(struct symbol *sym, bool *first)
{
	if (!is_option(sym))
		return;
	if (!*first)
		fputc(',', out);
	*first = false;
	json_string(sym->name);
	fputc(':', out);
	json_string(sym->type == S_UNKNOWN ? "undefined" : value_of(sym));
}

static void json_symbols(struct expr *e, bool *first)
{
	if (!e)
		return;
	switch (e->type) {
	case E_AND:
	case E_OR:
		json_symbols(e->left.expr, first);
		json_symbols(e->right.expr, first);
		break;
	case E_NOT:
		json_symbols(e->left.expr, first);
		break;
	case E_SYMBOL:
		json_symbol(e->left.sym, first);
		break;
	case E_NONE:
		break;
	default: /* comparisons of two symbols */
		json_symbol(e->left.sym, first);
		json_symbol(e->right.sym, first);
	}
}

static const char *tristate_name(tristate value)
{
	return value == yes ? "y" : value == mod ? "m" : "n";
}

/* The terms of a conjunction that are not y, each with its value and those of the options in it. */
static void json_unmet(struct expr *e, bool *first)
{
	bool first_symbol = true;
	tristate value;

	if (!e)
		return;
	if (e->type == E_AND) {
		json_unmet(e->left.expr, first);
		json_unmet(e->right.expr, first);
		return;
	}
	value = expr_calc_value(e);
	if (value == yes)
		return;
	fputs(*first ? "{\"term\":" : ",{\"term\":", out);
	*first = false;
	json_expression(e);
	fprintf(out, ",\"value\":\"%s\",\"options\":{", tristate_name(value));
	json_symbols(e, &first_symbol);
	fputs("}}", out);
}

static struct property *prompt_of(struct symbol *sym)
{
	struct property *prop;

	for (prop = sym->prop; prop; prop = prop->next)
		if (prop->type == P_PROMPT && prop->text)
			return prop;
	return NULL;
}

static struct expr *dependency_of(struct symbol *sym, struct property *prompt)
{
	if (prompt)
		return prompt->visible.expr;
#ifdef KCONFIG_NO_DIR_DEP
	return sym->dep;
#else
	return sym->dir_dep.expr;
#endif
}

typedef void (*visitor)(struct symbol *sym, void *data);

static void each_option(visitor visit, void *data)
{
	struct symbol *sym;
#ifdef KCONFIG_HASHTABLE
	for_all_symbols(sym)
#else
	int i;

	for_all_symbols(i, sym)
#endif
		if (is_option(sym) && sym->type != S_UNKNOWN)
			visit(sym, data);
}

struct selection {
	struct symbol *of;
	bool first;
};

static void visit_selector(struct symbol *sym, void *data)
{
	struct selection *selection = data;
	struct property *prop;
	bool selects = false, active = false;

	for_all_properties(sym, prop, P_SELECT) {
		if (!prop->expr || prop->expr->type != E_SYMBOL || prop->expr->left.sym != selection->of)
			continue;
		selects = true;
		active = active || expr_calc_value(prop->visible.expr) != no;
	}
	if (!selects)
		return;
	if (!selection->first)
		fputc(',', out);
	selection->first = false;
	json_string(sym->name);
	fputc(':', out);
	json_string(active ? value_of(sym) : "n");
}

static int minimum(int a, int b)
{
	return a < b ? a : b;
}

/* Edits from one name to the other (Levenshtein). */
static int distance(const char *a, const char *b)
{
	int row[SYMBOL_MAXLENGTH + 1];
	int width = strlen(b), i, j, diagonal, above;

	if (width > SYMBOL_MAXLENGTH)
		return width;
	for (j = 0; j <= width; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (j = 0; j < width; j++) {
			above = row[j + 1];
			row[j + 1] = minimum(diagonal + (a[i] != b[j]), minimum(above, row[j]) + 1);
			diagonal = above;
		}
	}
	return row[width];
}

struct likeness {
	const char *name;
	const char *best[SIMILAR];
	int score[SIMILAR];
};

static void visit_similar(struct symbol *sym, void *data)
{
	struct likeness *likeness = data;
	int length = strlen(likeness->name);
	int score = distance(likeness->name, sym->name);
	int at;

	/* A longer name that holds the whole word is nearer than its length says. */
	if (length > 4 && strstr(sym->name, likeness->name))
		score = minimum(score, 3);
	if (score > (length < 8 ? 2 : length / 4 + 1))
		return;
	for (at = SIMILAR; at > 0 && (!likeness->best[at - 1] || score < likeness->score[at - 1] ||
	     (score == likeness->score[at - 1] && strcmp(sym->name, likeness->best[at - 1]) < 0)); at--) {
		if (at < SIMILAR) {
			likeness->best[at] = likeness->best[at - 1];
			likeness->score[at] = likeness->score[at - 1];
		}
	}
	if (at < SIMILAR) {
		likeness->best[at] = sym->name;
		likeness->score[at] = score;
	}
}

static void json_similar(const char *name)
{
	struct likeness likeness = { .name = name };
	int i;

	each_option(visit_similar, &likeness);
	fputc('[', out);
	for (i = 0; i < SIMILAR && likeness.best[i]; i++) {
		if (i > 0)
			fputc(',', out);
		json_string(likeness.best[i]);
	}
	fputc(']', out);
}

/* The member of a choice that is y instead. */
static struct symbol *chosen_instead(struct symbol *sym)
{
	struct symbol *chosen = NULL;
#ifdef KCONFIG_HASHTABLE
	struct menu *choice = sym_get_choice_menu(sym), *member;

	for (member = choice ? choice->list : NULL; member && !chosen; member = member->next)
		if (member->sym && member->sym != sym && !strcmp(value_of(member->sym), "y"))
			chosen = member->sym;
#else
	if (sym_is_choice_value(sym))
		chosen = sym_get_choice_value(prop_get_symbol(sym_get_choice_prop(sym)));
#endif
	return chosen == sym ? NULL : chosen;
}

static void json_range(struct symbol *sym)
{
	struct property *prop;

	for_all_properties(sym, prop, P_RANGE) {
		if (expr_calc_value(prop->visible.expr) == no)
			continue;
		json_key("range");
		fputc('[', out);
		json_string(value_of(prop->expr->left.sym));
		fputc(',', out);
		json_string(value_of(prop->expr->right.sym));
		fputc(']', out);
		return;
	}
}

static void explain_symbol(struct symbol *sym)
{
	struct property *prompt = prompt_of(sym);
	struct selection selection = { sym, true };
	struct symbol *chosen;
	struct expr *dependency;
	bool first = true;
	const char *value = value_of(sym); /* settles visibility, too */

	json_key("type");
	json_string(sym_type_name(sym->type));
	json_key("value");
	json_string(value);
	json_key("visible");
	json_string(tristate_name(sym->visible));
	if (prompt) {
		json_key("prompt");
		json_string(prompt->text);
	}
	dependency = dependency_of(sym, prompt);
	if (dependency && !expr_is_yes(dependency)) {
		json_key("depends");
		json_expression(dependency);
		json_key("unmet");
		fputc('[', out);
		json_unmet(dependency, &first);
		fputc(']', out);
	}
	json_key("selectedBy");
	fputc('{', out);
	each_option(visit_selector, &selection);
	fputc('}', out);
	chosen = chosen_instead(sym);
	if (chosen && chosen->name) {
		json_key("chosen");
		json_string(chosen->name);
	}
	json_range(sym);
}

static void explain(const char *option)
{
	const char *name = strncmp(option, "CONFIG_", 7) ? option : option + 7;
	struct symbol *sym = sym_find(name);
	bool exists = sym && sym->type != S_UNKNOWN;

	fputs("{\"option\":", out);
	json_string(option);
	json_key("exists");
	fputs(exists ? "true" : "false", out);
	if (exists) {
		explain_symbol(sym);
	} else {
		json_key("similar");
		json_similar(name);
	}
	fputs("}\n", out);
}

int main(int argc, char **argv)
{
	const char *lost = getenv("NVLAB_LOST"), *path = getenv("NVLAB_EXPLANATION");
	char *names, *name;

	if (argc < 2 || !lost || !path)
		return 2;
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		return 1;
	}
	conf_parse(argv[argc - 1]);
	conf_read(NULL);
	names = strdup(lost);
	for (name = strtok(names, " "); name; name = strtok(NULL, " "))
		explain(name);
	return fclose(out) ? 1 : 0;
}
