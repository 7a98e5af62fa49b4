// SPDX-License-Identifier: Apache-2.0
// Ten real programs whose runs differ by their input, as those of a service do: each run makes a choice of things to
// do, some of them rare. Which ones is drawn from a seed.
import type { Random } from '../test/core/evidence/workloads.ts';

/** A program of this machine. */
export interface RealWorkload {
  readonly name: string;
  /** The command of one run, in a folder that is empty at first and its own. */
  command(random: Random, folder: string): readonly [string, ...string[]];
}

/** How likely each thing is that a run does: usual ones come first. */
const CHANCES = [0.9, 0.6, 0.4, 0.25, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02];

/** The things that one run does. */
function chosen(random: Random, things: readonly string[]): readonly string[] {
  return things.filter((_thing, at) => random() < (CHANCES[at] ?? 0.01));
}

function shell(name: string, begin: string, things: readonly string[], end = ''): RealWorkload {
  const script = (random: Random): string => [begin, ...chosen(random, things), end, 'true'].join('\n');
  return { name, command: (random, folder) => ['sh', '-c', `cd ${folder}\n${script(random)}`] };
}

const PYTHON = shell(
  'python3',
  'cat >run.py <<END',
  [
    'import json; json.dumps({})',
    'open("f", "w").write("text")',
    'import os; os.listdir(".")',
    'import subprocess; subprocess.run(["true"])',
    'import threading; t = threading.Thread(target=print); t.start(); t.join()',
    'import tempfile; tempfile.TemporaryFile().write(b"x")',
    'import socket; a, b = socket.socketpair(); a.send(b"x"); b.recv(1)',
    'import mmap; mmap.mmap(-1, 4096).resize(8192)',
    'import select; select.poll().poll(1)',
    'import os; os.symlink("f", "l"); os.sched_getaffinity(0)',
  ],
  'END\npython3 run.py',
);

const PERL = shell(
  'perl',
  "cat >run.pl <<'END'",
  [
    'print join(",", sort 3, 1, 2);',
    'open(my $f, ">", "f"); print $f "text"; close $f;',
    'system("true");',
    'opendir(my $d, "."); readdir $d;',
    'rename "f", "g"; unlink "g";',
    'select(undef, undef, undef, 0.001);',
    'if (!fork()) { exit 0 } wait;',
    'use Socket; socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0);',
    '$SIG{ALRM} = sub { }; alarm 1; alarm 0;',
    'chmod 0600, "run.pl"; utime 1, 1, "run.pl"; flock(STDIN, 1);',
  ],
  'END\nperl run.pl',
);

const SHELL = shell('sh', ':', [
  'echo text >f',
  'cat f | wc -l',
  '(sleep 0.001) & wait',
  'test -e f && ls -l',
  'umask 022; mkdir -p d',
  'trap : TERM; kill -TERM $$',
  'ulimit -n',
  'ln -s f l; readlink l',
  'mkfifo p; rm p',
  'nice true; mktemp; sync -d f',
]);

const GIT = shell('git', 'export HOME=. GIT_CONFIG_NOSYSTEM=1; git init -q r; cd r; echo a >a', [
  'git status --short',
  'git add a',
  'git -c user.name=n -c user.email=e commit -q --allow-empty -m m',
  'git log --oneline',
  'git diff --stat',
  'git grep a',
  'git branch b; git checkout -q b',
  'git stash -q',
  'git gc -q',
  'git archive HEAD; git clone -q . ../c; git fsck',
]);

const FIND = shell('find', 'mkdir -p t/a t/b; echo a >t/a/f; : >t/b/g', [
  'find t -name f',
  'find t -type f -size +0',
  'find t -printf "%p %s %u"',
  'find t -exec true {} +',
  'find t -newer t/a',
  'find t -empty',
  'find t -execdir true \\;',
  'find t -name g -delete',
  'find -L t -samefile t/a/f -ls',
  'find t -fstype tmpfs -o -readable -okdir true \\; </dev/null',
]);

const TAR = shell('tar', 'mkdir -p t x; echo a >t/f; ln -s f t/l', [
  'tar -cf a.tar t',
  'tar -tf a.tar',
  'tar -xf a.tar -C x',
  'tar -czf a.tgz t',
  'tar -cf - t | tar -xf - -C x',
  'tar -rf a.tar t/f',
  'tar --delete -f a.tar t/f',
  'tar --sparse -cf s.tar t',
  'tar -xpf a.tar -C x --same-owner',
  'tar --listed-incremental=snar -cf i.tar t; tar --remove-files -cf r.tar t; tar -uf a.tar x',
]);

const GZIP = shell('gzip', 'seq 2000 >f', [
  'gzip -c f >/dev/null',
  'gzip -k f',
  'gzip -dc f.gz',
  'gzip -t f.gz',
  'gzip -9 <f | gzip -d',
  'gzip -l f.gz',
  'gzip -r .',
  'ln f h; gzip f',
  'gzip -df f.gz',
  'gzip --rsyncable --synchronous f; zcat f.gz; gzip none',
]);

const SQLITE = shell(
  'sqlite3',
  'cat >run.sql <<END',
  [
    'select 1;',
    'create table t (a);',
    'insert into t values (1);',
    '.backup copy.db',
    'pragma journal_mode = wal;',
    "attach 'other.db' as o; create table o.u (a);",
    'vacuum;',
    '.output out.txt',
    '.shell true',
    'pragma mmap_size = 1000000; create table m as select * from sqlite_master; select * from m;',
  ],
  'END\nsqlite3 own.db <run.sql',
);

/** Until a socket is there; a server that does not come ends the run. */
const UNTIL = 'n=0; until test -S s.sock; do n=$((n+1)); test $n -lt 400 || exit 7; sleep 0.05; done';

const REDIS = shell(
  'redis-server',
  `redis-server --port 0 --unixsocket $PWD/s.sock --save '' >log & pid=$!
${UNTIL}; cli="redis-cli -s s.sock"`,
  [
    '$cli set a b',
    '$cli get a',
    '$cli info',
    '$cli config get maxclients',
    '$cli bgsave; sleep 0.1',
    '$cli config set appendonly yes; sleep 0.1',
    '$cli eval "return 1" 0',
    '$cli save',
    '$cli debug sleep 0.01; $cli memory purge',
    '$cli bgrewriteaof; $cli flushall async; sleep 0.1',
  ],
  '$cli shutdown nosave; wait $pid',
);

const NGINX = shell(
  'nginx',
  `mkdir -p logs w/d && echo text >w/f && head -c 300000 /dev/zero >w/big
cat >n.conf <<END
daemon off; master_process on; pid n.pid; error_log err.log; user root;
events {} http { access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path g; uwsgi_temp_path u;
scgi_temp_path c; server { listen unix:$PWD/s.sock; root $PWD/w; autoindex on; sendfile on;
location /zip { alias $PWD/w; gzip on; gzip_types *; } } }
END
nginx -p $PWD -c $PWD/n.conf & pid=$!
${UNTIL}; get="curl -s -o /dev/null --unix-socket s.sock"`,
  [
    '$get http://h/f',
    '$get http://h/none',
    '$get http://h/big',
    '$get http://h/d/',
    '$get -r 0-9 http://h/big',
    '$get -d text http://h/f',
    '$get --compressed http://h/zip/f',
    'nginx -p $PWD -c $PWD/n.conf -s reopen; sleep 0.1',
    'nginx -p $PWD -c $PWD/n.conf -s reload; sleep 0.2',
    'ln -s f w/l; $get http://h/l; nginx -p $PWD -c $PWD/n.conf -t',
  ],
  'kill -QUIT $pid; wait $pid',
);

/** The workloads. Each names a program that must be on the machine. */
export const REAL_WORKLOADS: readonly RealWorkload[] = [
  PYTHON,
  PERL,
  SHELL,
  GIT,
  FIND,
  TAR,
  GZIP,
  SQLITE,
  REDIS,
  NGINX,
];
