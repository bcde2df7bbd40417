extern struct symbol options[OPTIONS];

void conf_parse(const char *name);
int conf_read(const char *name);
struct symbol *sym_find(const char *name);
void sym_calc_value(struct symbol *sym);
const char *sym_get_string_value(struct symbol *sym);
const char *sym_type_name(enum symbol_type type);
tristate expr_calc_value(struct expr *e);
void expr_print(struct expr *e, void (*fn)(void *, struct symbol *, const char *), void *data, int prevtoken);
