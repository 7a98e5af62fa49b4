// SPDX-License-Identifier: Apache-2.0
// Servers as users run them, each with a client that makes it work and an orderly end: a script of bash that fails when
// anything of it fails. They speak over sockets in the file system, because a container's own network is down.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { showMachine } from './strace-judge.ts';

/** A server with its client. */
export interface Workload {
  readonly name: string;
  readonly script: string;
  /** The user who runs it; PostgreSQL wants one whose name is known. */
  readonly user: number;
  /** A call without which it cannot work. */
  readonly vital: string;
  /** Files that it needs, by their place in the container. */
  readonly files: Readonly<Record<string, string>>;
}

const NGINX_CONF = `daemon off;
worker_processes 2;
pid /tmp/nginx.pid;
lock_file /tmp/nginx.lock;
error_log /tmp/error.log notice;
events { worker_connections 64; }
http {
  access_log /tmp/access.log;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  gzip on;
  server {
    listen unix:/tmp/nginx.sock;
    location / { root /pages; }
  }
}
`;

/** Tries something until it works, while there is a server. */
const UNTIL = 'until_done() { until "$@" >/dev/null 2>&1; do kill -0 $server || exit 7; sleep 0.05; done; }';

/** The servers that Debian packages and the tests install. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'nginx',
    user: 1000,
    vital: 'bind',
    files: { '/conf/nginx.conf': NGINX_CONF, '/pages/index.html': 'a page\n'.repeat(100) },
    script: `${UNTIL}
set -e
nginx -e /tmp/first.log -c /conf/nginx.conf & server=$!
ask() { curl --max-time 100 --fail --silent --compressed --unix-socket /tmp/nginx.sock http://server/"$1"; }
until_done ask index.html
ask index.html | grep -q 'a page'
if ask missing; then exit 8; fi
nginx -e /tmp/first.log -c /conf/nginx.conf -s reload
until_done ask index.html
kill -QUIT $server
wait $server`,
  },
  {
    name: 'redis',
    user: 1000,
    vital: 'bind',
    files: {},
    script: `${UNTIL}
set -e
redis-server --port 0 --unixsocket /tmp/redis.sock --dir /tmp --save '' --appendonly yes & server=$!
ask() { redis-cli -s /tmp/redis.sock "$@"; }
until_done ask ping
ask set answer 42 >/dev/null
test "$(ask get answer)" = 42
ask lpush list a b c >/dev/null
ask bgrewriteaof >/dev/null
ask save >/dev/null
ask shutdown >/dev/null || true
wait $server`,
  },
  {
    name: 'postgresql',
    user: 65_534,
    vital: 'fdatasync',
    files: {},
    script: `${UNTIL}
set -e
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
initdb --no-sync --pgdata /tmp/data --username owner >/dev/null 2>/tmp/initdb.log
postgres -D /tmp/data -k /tmp -c listen_addresses= -c dynamic_shared_memory_type=mmap 2>/tmp/postgres.log & server=$!
ask() { psql --host /tmp --username owner --no-align --tuples-only --dbname postgres --command "$1"; }
until_done ask 'select 1'
ask 'create table numbers as select generate_series(1, 20000) as n' >/dev/null
test "$(ask 'select count(*) from numbers where n % 2 = 0')" = 10000
ask 'create index on numbers (n)' >/dev/null
ask 'vacuum analyze numbers' >/dev/null
ask checkpoint >/dev/null
kill -INT $server
wait $server`,
  },
];

/** Gives a container the files of a workload, this machine's programs, and a folder of its own. */
export function prepareWorkload(
  configuration: Record<string, unknown>,
  bundle: string,
  files: Workload['files'],
): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(bundle, 'rootfs', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  showMachine(configuration);
  const options = ['nosuid', 'nodev', 'mode=1777'];
  (configuration['mounts'] as unknown[]).push({ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options });
  (configuration['process'] as { env: string[] }).env = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'];
}
