// SPDX-License-Identifier: Apache-2.0
// From what a profile allows back to the abstract form of its object, and to the names under which single permissions
// are counted.
import type { AppArmorAbstract } from '../../gen/crd/app-armor-profile.ts';
import type { Allowed, FileRule } from './spec.ts';

/** The abstract form, in its canonical way: lists in order, nothing in a list that another one implies. */
export function printAbstract({ files, capabilities, tcp, udp, raw }: Allowed): AppArmorAbstract {
  const rules = [...files];
  const pick = (test: (access: FileRule['access']) => boolean): readonly string[] =>
    rules.filter(([, { access }]) => test(access)).map(([text]) => text);
  const executable = {
    ...list(
      'allowedExecutables',
      pick((access) => access.execute),
    ),
    ...list(
      'allowedLibraries',
      pick((access) => access.map && !access.execute),
    ),
  };
  const filesystem = {
    ...list(
      'readOnlyPaths',
      pick(({ read, write, map, execute }) => read && !write && !map && !execute),
    ),
    ...list(
      'writeOnlyPaths',
      pick(({ read, write }) => write && !read),
    ),
    ...list(
      'readWritePaths',
      pick(({ read, write }) => write && read),
    ),
  };
  const allowedProtocols = { ...(tcp ? { allowTcp: true } : {}), ...(udp ? { allowUdp: true } : {}) };
  const network = { ...(raw ? { allowRaw: true } : {}), ...part('allowedProtocols', allowedProtocols) };
  return {
    ...part('executable', executable),
    ...part('filesystem', filesystem),
    ...part('network', network),
    ...part('capability', list('allowedCapabilities', capabilities)),
  };
}

function list<K extends string>(key: K, items: readonly string[]): Partial<Record<K, readonly string[]>> {
  return items.length === 0 ? {} : (Object.fromEntries([[key, items]]) as Record<K, readonly string[]>);
}

function part<K extends string, V extends object>(key: K, value: V): Partial<Record<K, V>> {
  return Object.keys(value).length === 0 ? {} : (Object.fromEntries([[key, value]]) as Record<K, V>);
}

/** Single permissions by name, for counting in how many recordings each was seen: `read /etc/hosts`, `network tcp`. */
export function permissionsOf({ files, capabilities, tcp, udp, raw }: Allowed): readonly string[] {
  const ofFiles = [...files].flatMap(([text, { access }]) => {
    const verbs = [access.read ? 'read' : '', access.write ? 'write' : '', access.map ? 'map' : ''];
    return [...verbs, access.execute ? 'execute' : ''].filter((verb) => verb !== '').map((verb) => `${verb} ${text}`);
  });
  const sockets = [...(tcp ? ['tcp'] : []), ...(udp ? ['udp'] : []), ...(raw ? ['raw'] : [])];
  return [...ofFiles, ...capabilities.map((name) => `capability ${name}`), ...sockets.map((word) => `network ${word}`)];
}
