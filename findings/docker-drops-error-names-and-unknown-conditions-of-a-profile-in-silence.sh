#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Docker reads seccomp profiles without asking for known keys. What it does not know it drops, and the rule stays:
#   - `errno` and `defaultErrno`, by which Podman's files name errors: ENOSYS becomes the default, EPERM
#   - a condition with a typing error (`include` for `includes`, `cap` for `caps`): the rule holds for all containers
# A file that was made for Podman is so taken by Docker, with another meaning. Keys in another case, such as `Includes`, are known.
#
# Seen (github.com/moby/profiles/seccomp v0.3.0, the code that dockerd calls, for a container without capabilities):
#   default error: none, of clone3: none
#   includes: 0 rules, Includes: 0 rules, include: 1 rules, includes with cap: 1 rules
#
# Needs Go 1.24 or later and its module proxy; no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod << 'MODULE'
module example.org/published

go 1.24

require github.com/moby/profiles/seccomp v0.3.0
MODULE
cat > main.go << 'PROGRAM'
package main

import (
	"fmt"

	"github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// Reads a profile for a container without capabilities.
func load(text string) *specs.LinuxSeccomp {
	container := &specs.Spec{Process: &specs.Process{Capabilities: &specs.LinuxCapabilities{}}}
	profile, err := seccomp.LoadProfile(text, container)
	if err != nil {
		panic(err)
	}
	return profile
}

func number(errno *uint) string {
	if errno == nil {
		return "none"
	}
	return fmt.Sprint(*errno)
}

func rules(condition string) int {
	rule := `{"names": ["mount"], "action": "SCMP_ACT_ALLOW", ` + condition + `}`
	return len(load(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [` + rule + `]}`).Syscalls)
}

func main() {
	podman := load(`{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "ENOSYS",
		"syscalls": [{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS"}]}`)
	fmt.Printf("default error: %s, of clone3: %s\n", number(podman.DefaultErrnoRet), number(podman.Syscalls[0].ErrnoRet))
	fmt.Printf("includes: %d rules, Includes: %d rules, include: %d rules, includes with cap: %d rules\n",
		rules(`"includes": {"caps": ["CAP_SYS_ADMIN"]}`), rules(`"Includes": {"caps": ["CAP_SYS_ADMIN"]}`),
		rules(`"include": {"caps": ["CAP_SYS_ADMIN"]}`), rules(`"includes": {"cap": ["CAP_SYS_ADMIN"]}`))
}
PROGRAM
export GOFLAGS=-mod=mod GOPATH="$folder/go"
go mod tidy > /dev/null 2>&1
seen=$(go run .)
echo "$seen"
[ "$seen" = 'default error: none, of clone3: none
includes: 0 rules, Includes: 0 rules, include: 1 rules, includes with cap: 1 rules' ]
