/* The part of a Kconfig parser's types that its users look into. */
typedef enum { no, mod, yes } tristate;

enum expr_type { E_NONE, E_OR, E_AND, E_NOT, E_EQUAL, E_SYMBOL };

struct expr {
	enum expr_type type;
	union {
		struct expr *expr;
		struct symbol *sym;
	} left, right;
};

struct expr_value {
	struct expr *expr;
	tristate tri;
};

enum symbol_type { S_UNKNOWN, S_BOOLEAN, S_TRISTATE };
enum prop_type { P_UNKNOWN, P_PROMPT, P_SELECT, P_RANGE };

struct property {
	struct property *next;
	enum prop_type type;
	const char *text;
	struct expr_value visible;
	struct expr *expr;
};

struct symbol {
	char *name;
	enum symbol_type type;
	tristate user, visible;
	int flags;
	struct property *prop;
	struct expr_value dir_dep;
};

#define SYMBOL_CONST 1
#define SYMBOL_MAXLENGTH 256
#define OPTIONS 4

#define for_all_symbols(i, sym) for (i = 0, sym = options; i < OPTIONS; i++, sym++)
#define for_all_properties(sym, st, tok) \
	for (st = sym->prop; st; st = st->next) \
		if (st->type == (tok))
