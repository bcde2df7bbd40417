#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Says why OpenSBI's Kconfig did not keep an option, by the tree's own kconfiglib.

The environment is that of the tree's makefile, with NVLAB_LOST (names of options with CONFIG_, separated by
spaces) and NVLAB_EXPLANATION (file to write: a JSON object in a line for each option, as lost-options.c).
"""

import difflib
import json
import os
import sys

import kconfiglib


def plain(text):
    return text.replace("CONFIG_", "")


def expression(node):
    return kconfiglib.expr_str(node)


def option_values(node):
    return {
        item.name: item.str_value if item.nodes else "undefined"
        for item in sorted(kconfiglib.expr_items(node), key=lambda item: str(item.name))
        if item.name and not getattr(item, "is_constant", False)
    }


def conjuncts(node):
    if isinstance(node, tuple) and node[0] is kconfiglib.AND:
        return conjuncts(node[1]) + conjuncts(node[2])
    return [node]


def unmet(node):
    return [
        {
            "term": expression(term),
            "value": kconfiglib.TRI_TO_STR[kconfiglib.expr_value(term)],
            "options": option_values(term),
        }
        for term in conjuncts(node)
        if kconfiglib.expr_value(term) != 2
    ]


def selectors(kconf, symbol):
    return {
        other.name: other.str_value if kconfiglib.expr_value(condition) else "n"
        for other in kconf.unique_defined_syms
        for selected, condition in other.selects
        if selected is symbol
    }


def explain_symbol(kconf, symbol):
    prompts = [node.prompt for node in symbol.nodes if node.prompt]
    dependency = prompts[0][1] if prompts else symbol.direct_dep
    found = {
        "type": kconfiglib.TYPE_TO_STR[symbol.type],
        "value": symbol.str_value,
        "visible": kconfiglib.TRI_TO_STR[symbol.visibility],
        "selectedBy": selectors(kconf, symbol),
    }
    if prompts:
        found["prompt"] = prompts[0][0]
    if dependency is not kconf.y:
        found["depends"] = expression(dependency)
        found["unmet"] = unmet(dependency)
    if symbol.choice and symbol.choice.selection not in (None, symbol):
        found["chosen"] = symbol.choice.selection.name
    for low, high, condition in symbol.ranges:
        if kconfiglib.expr_value(condition):
            found["range"] = [low.str_value, high.str_value]
            break
    return found


def explain(kconf, option):
    name = plain(option)
    symbol = kconf.syms.get(name)
    if symbol is None or not symbol.nodes:
        names = [other.name for other in kconf.unique_defined_syms]
        return {"option": option, "exists": False, "similar": difflib.get_close_matches(name, names, 3)}
    return {"option": option, "exists": True, **explain_symbol(kconf, symbol)}


def main():
    kconf = kconfiglib.Kconfig(sys.argv[1], suppress_traceback=True)
    kconf.load_config()
    with open(os.environ["NVLAB_EXPLANATION"], "w", encoding="utf-8") as out:
        for option in os.environ["NVLAB_LOST"].split():
            print(json.dumps(explain(kconf, option), sort_keys=True), file=out)


if __name__ == "__main__":
    main()
