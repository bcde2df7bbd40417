# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# What a self-test in sh prints: plan N, then N times check or skip, then finish.

ktap_number=0
ktap_failed=0

# plan COUNT
plan() {
	ktap_planned=$1
	printf 'KTAP version 1\n1..%d\n' "$ktap_planned"
}

# check NAME COMMAND [ARGUMENT]...: passes if the command succeeds; its output becomes diagnostics if not.
check() {
	ktap_name=$1
	shift
	ktap_number=$((ktap_number + 1))
	if ktap_output=$("$@" 2>&1); then
		echo "ok $ktap_number $ktap_name"
		return 0
	fi
	[ -z "$ktap_output" ] || echo "$ktap_output" | sed 's/^/# /'
	echo "not ok $ktap_number $ktap_name"
	ktap_failed=1
	return 1
}

# skip NAME REASON
skip() {
	ktap_number=$((ktap_number + 1))
	echo "ok $ktap_number $1 # SKIP $2"
}

# skip_all REASON: there is nothing here to test.
skip_all() {
	printf 'KTAP version 1\n1..0 # SKIP %s\n' "$1"
	exit 4
}

# equal EXPECTED ACTUAL
equal() {
	[ "$1" = "$2" ] && return 0
	echo "expected: $1"
	echo "actual:   $2"
	return 1
}

finish() {
	[ "$ktap_number" -eq "$ktap_planned" ] || ktap_failed=1
	exit "$ktap_failed"
}
