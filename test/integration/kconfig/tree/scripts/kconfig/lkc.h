#include <stdbool.h>
#include <stddef.h>
#include "expr.h"
#include "lkc_proto.h"

static inline bool expr_is_yes(struct expr *e)
{
	return !e;
}

/* There is no choice among the options. */
static inline bool sym_is_choice_value(struct symbol *sym)
{
	return false;
}

static inline struct property *sym_get_choice_prop(struct symbol *sym)
{
	return NULL;
}

static inline struct symbol *prop_get_symbol(struct property *prop)
{
	return NULL;
}

static inline struct symbol *sym_get_choice_value(struct symbol *sym)
{
	return NULL;
}
