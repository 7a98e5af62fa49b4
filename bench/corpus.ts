// SPDX-License-Identifier: Apache-2.0
// Holds the recorded set against strace, on real commands. Both watch the very same run: strace follows spoc, and of
// its log only the recorded tree counts, from its first execve on, so that no call differs by chance from one run to
// another.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compiled, node, spoc } from './programs.ts';
import type { Figure } from './report.ts';

/** A command of the corpus: how it is called here, and its words. */
interface Command {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
}

/** The result of one command: the names that strace saw, and those that the profile lacks or has in excess. */
export interface Comparison {
  readonly name: string;
  readonly seen: number;
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
}

function sh(name: string, script: string): Command {
  return { name, argv: ['sh', '-c', script] };
}

function work(kind: string): Command {
  return { name: `work ${kind}`, argv: [compiled('work'), kind] };
}

function servers(folder: string): readonly Command[] {
  const nginx = `printf 'daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {} http { access_log off; server { listen 127.0.0.1:18080; root /usr/share; } }' >${folder}/nginx.conf
    nginx -c ${folder}/nginx.conf & pid=$!; sleep 2; curl -s -o /dev/null http://127.0.0.1:18080/; kill $pid; wait $pid`;
  const redis = `redis-server --port 16379 --save '' --dir ${folder} --daemonize no >/dev/null & pid=$!; sleep 2
    redis-cli -p 16379 set a b; redis-cli -p 16379 get a; redis-cli -p 16379 shutdown nosave; wait $pid`;
  return [sh('nginx', nginx), sh('redis', redis)];
}

/** The corpus: at least 25 real commands, with every way to make a process and to end one. */
export function corpus(folder: string): readonly Command[] {
  const file = path.join(folder, 'file');
  return [
    { name: 'true', argv: ['true'] },
    { name: 'ls', argv: ['ls', '-la', '/'] },
    { name: 'cat', argv: ['cat', '/etc/passwd'] },
    { name: 'cp', argv: ['cp', '-a', '/etc/passwd', file] },
    sh(
      'links',
      `ln -sf ${file} ${file}.link; chmod 600 ${file}; chown 0:0 ${file}; mv ${file}.link ${file}.new; rm ${file}.new`,
    ),
    { name: 'dd', argv: ['dd', 'if=/dev/zero', `of=${file}`, 'bs=4k', 'count=4', 'conv=fsync'] },
    sh('tar and gzip', `tar -C /etc -cf - passwd group | gzip -9 | gunzip | tar -tf -`),
    sh('pipeline', 'cat /etc/passwd | sort | uniq -c | wc -l'),
    { name: 'find', argv: ['find', '/etc', '-maxdepth', '1', '-name', 'p*', '-exec', 'stat', '{}', '+'] },
    { name: 'grep', argv: ['grep', '-r', 'root', '/etc/passwd', '/etc/group'] },
    { name: 'sed', argv: ['sed', '-n', '1,3p', '/etc/passwd'] },
    { name: 'awk', argv: ['awk', '-F:', '{ print $1 }', '/etc/passwd'] },
    { name: 'bash', argv: ['bash', '-c', 'for i in 1 2 3; do (echo $i) & done; wait; ulimit -a; type ls'] },
    { name: 'perl', argv: ['perl', '-e', 'my @a = sort map { $_ * 2 } 1..10; print "@a"; system("true")'] },
    {
      name: 'python',
      argv: [
        'python3',
        '-c',
        'import threading, subprocess, json, tempfile; t = threading.Thread(target=lambda: subprocess.run(["true"])); t.start(); t.join()',
      ],
    },
    {
      name: 'node',
      argv: [
        node,
        '-e',
        'require("child_process").execFileSync("true"); require("fs").readFileSync("/etc/passwd"); setTimeout(() => {}, 20)',
      ],
    },
    { name: 'date', argv: ['date', '--iso-8601'] },
    { name: 'ps', argv: ['ps', 'aux'] },
    { name: 'timeout', argv: ['timeout', '0.2', 'sleep', '5'] },
    { name: 'curl', argv: ['curl', '-s', '-o', '/dev/null', 'http://127.0.0.1:1/'] },
    { name: 'git', argv: ['git', 'init', '-q', path.join(folder, 'repository')] },
    {
      name: 'gcc',
      argv: ['gcc', '-x', 'c', '-o', `${file}.out`, path.join(import.meta.dirname, 'programs', 'empty.c')],
    },
    { name: 'setsid', argv: ['setsid', '-w', 'id'] },
    { name: 'unshare', argv: ['unshare', '--mount', '--pid', '--fork', 'hostname'] },
    { name: 'su', argv: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', 'id'] },
    ...['threads', 'vfork', 'clone3', 'spawn', 'short-children', 'killed', 'outlives', 'thread-exec'].map(work),
    ...servers(folder),
  ];
}

const CALLS = /^(\d+) +(?:<\.\.\. )?([a-z_0-9]+)(?:\(| resumed)/;
const NEW_PROCESS = /^(\d+) +(?:<\.\.\. )?(?:clone|clone3|fork|vfork)\b.* = (\d+)/;

/**
 * The names of system calls that the tree starting with `execve(...first word...)` made, from the log of `strace -f`.
 */
export function traced(log: string, started: string): ReadonlySet<string> {
  const lines = log.split('\n');
  // spoc itself is a Node.js process: only what comes after the start of the helper can be the recorded command.
  const helper = lines.findIndex((line) => line.includes('execve(') && line.includes('/recorder"'));
  const first = lines.findIndex(
    (line, index) => index > helper && line.includes('execve(') && line.includes(`["${started}"`),
  );
  const rest = helper < 0 || first < 0 ? [] : lines.slice(first);
  const tree = new Set([rest[0]?.split(' ')[0] ?? '']);
  for (let size = 0; size !== tree.size;) {
    size = tree.size;
    for (const line of rest) {
      const [, parent, child] = NEW_PROCESS.exec(line) ?? [];
      if (parent !== undefined && child !== undefined && tree.has(parent)) tree.add(child);
    }
  }
  const names = new Set<string>();
  for (const line of rest) {
    const [, pid, name] = CALLS.exec(line) ?? [];
    if (pid !== undefined && name !== undefined && tree.has(pid)) names.add(name);
  }
  return names;
}

function recordedNames(file: string): readonly string[] {
  const profile: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const { syscalls } = profile as { syscalls: readonly { names: readonly string[] }[] };
  return syscalls.flatMap((rule) => rule.names);
}

/** Records one command under strace and compares what both saw. Throws when either of them could not do its work. */
export function compare(command: Command, folder: string): Comparison {
  const log = path.join(folder, 'strace.log');
  const profile = path.join(folder, 'profile.json');
  const recording = [spoc, 'record', '-n', '-t', 'raw-seccomp', '-o', profile, ...command.argv];
  rmSync(profile, { force: true });
  const result = spawnSync('strace', ['-f', '-qq', '-s', '4096', '-o', log, ...recording], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (result.error) throw new Error(`strace of ${command.name}`, { cause: result.error });
  const seen = traced(readFileSync(log, 'utf8'), command.argv[0]);
  if (seen.size === 0) throw new Error(`strace saw nothing of ${command.name}: ${result.stderr}`);
  const recorded = new Set(recordedNames(profile));
  const missing = [...seen].filter((name) => !recorded.has(name)).sort();
  const surplus = [...recorded].filter((name) => !seen.has(name)).sort();
  return { name: command.name, seen: seen.size, missing, surplus };
}

function describe(comparison: Comparison): string {
  const missing = comparison.missing.length === 0 ? 'nothing missing' : `MISSING ${comparison.missing.join(' ')}`;
  const surplus = comparison.surplus.length === 0 ? '' : `, more than strace: ${comparison.surplus.join(' ')}`;
  return `  ${comparison.name}: ${String(comparison.seen)} names, ${missing}${surplus}`;
}

/** Compares the whole corpus, printing a line for each command. */
export function measureCorpus(): readonly Figure[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const version = execFileSync('strace', ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? 'strace';
    const comparisons = corpus(folder).map((command) => {
      const comparison = compare(command, folder);
      console.log(describe(comparison));
      return comparison;
    });
    const missing = comparisons.reduce((sum, comparison) => sum + comparison.missing.length, 0);
    const what = `names missing against ${version}, ${String(comparisons.length)} commands`;
    return [
      {
        what,
        value: missing,
        unit: 'names',
        floor: { what: 'strace itself', value: 0 },
        bar: 0,
        peer: 'misses execve',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
