#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# BPF programs see the whole machine, with one exception: an iterator over tasks goes through those of its reader's PID namespace.
# An agent that is started late and looks for the processes that run already finds all of them in a test on the host, and in a pod
# without hostPID none but its own. It gets no error: loading, attaching and reading succeed.
#
# Seen (Linux 6.18; github.com/cilium/ebpf v0.17.3 loads the program):
#   on the host: more tasks than the reader has
#   in a PID namespace of its own: the reader's tasks, and no other
#
# Needs Go 1.22 or later and its module proxy, root, and a kernel with BTF. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod << 'MODULE'
module example.org/tasks

go 1.22

require github.com/cilium/ebpf v0.17.3
MODULE
cat > main.go << 'PROGRAM'
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
)

// Writes one byte for each task: the context is struct bpf_iter__task, its first member begins with the sequence.
func program() asm.Instructions {
	return asm.Instructions{
		asm.LoadMem(asm.R6, asm.R1, 8, asm.DWord),
		asm.JEq.Imm(asm.R6, 0, "end"),
		asm.LoadMem(asm.R7, asm.R1, 0, asm.DWord),
		asm.LoadMem(asm.R1, asm.R7, 0, asm.DWord),
		asm.StoreImm(asm.RFP, -8, 1, asm.DWord),
		asm.Mov.Reg(asm.R2, asm.RFP),
		asm.Add.Imm(asm.R2, -8),
		asm.Mov.Imm(asm.R3, 1),
		asm.FnSeqWrite.Call(),
		asm.Mov.Imm(asm.R0, 0).WithSymbol("end"),
		asm.Return(),
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	spec := ebpf.ProgramSpec{
		Type: ebpf.Tracing, AttachType: ebpf.AttachTraceIter, AttachTo: "task", License: "GPL", Instructions: program(),
	}
	iterator := must(link.AttachIter(link.IterOptions{Program: must(ebpf.NewProgram(&spec))}))
	all := len(must(io.ReadAll(must(iterator.Open()))))
	own := len(must(os.ReadDir("/proc/thread-self/../")))
	if all <= own {
		fmt.Println("the reader's tasks, and no other")
	} else {
		fmt.Println("more tasks than the reader has")
	}
}
PROGRAM
export GOFLAGS=-mod=mod GOPATH="$folder/go"
go mod tidy > tidy.log 2>&1 || { cat tidy.log; exit 1; }
go build -o tasks .
fault=0
# say WHERE EXPECTED SEEN
say() {
	echo "$1: $3"
	[ "$2" = "$3" ] || fault=1
}
say 'on the host' "more tasks than the reader has" "$(./tasks)"
say 'in a PID namespace of its own' "the reader's tasks, and no other" "$(unshare --pid --fork --mount-proc ./tasks)"
exit "$fault"
