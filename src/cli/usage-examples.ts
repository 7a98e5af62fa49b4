// SPDX-License-Identifier: Apache-2.0
// Examples of every command of spoc, for its help, its man page and the reference of the documents.

/** A command line, and what it is for in one line. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

/** Examples by the name of their command. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  version: [{ line: 'spoc version --json', says: 'The version, for a script' }],
  record: [
    { line: 'sudo spoc record -o web.yaml ./web --port 8080', says: 'Record a program and all its children' },
    { line: 'sudo spoc record -t raw-seccomp -o web.json ./web', says: 'The same as JSON for a container runtime' },
    { line: 'sudo spoc record --no-proc-start -o nginx.yaml nginx', says: 'Record a program that runs already' },
  ],
  run: [{ line: 'sudo spoc run -p web.yaml ./web --port 8080', says: 'Run a program under a profile' }],
  merge: [
    { line: 'spoc merge -o web.yaml first.yaml second.yaml', says: 'Permit what either of two profiles permits' },
    { line: 'spoc merge --intersect -o common.yaml first.yaml second.yaml', says: 'Permit what both of them permit' },
    { line: 'spoc merge --check web.yaml first.yaml', says: 'Ask whether the first profile is enough' },
  ],
  convert: [
    { line: 'spoc convert web.yaml', says: 'The profile as JSON for a container runtime' },
    { line: 'spoc convert -t seccomp --cap NET_RAW -o web.yaml docker.json', says: 'An object of a file of Docker' },
  ],
  validate: [{ line: 'spoc validate -o json *.yaml', says: 'Check files in a pipeline' }],
  evidence: [
    { line: 'spoc evidence web.yaml', says: 'How sure is this recorded profile' },
    { line: 'spoc evidence -n shop profilerecording/web', says: 'How sure is a recording in the cluster' },
  ],
  report: [{ line: 'spoc report -o report.html web-1.yaml web-2.yaml', says: 'One page on how a profile was learnt' }],
  simulate: [{ line: 'spoc simulate web.yaml web.trace', says: 'Would the profile have denied what was recorded' }],
  diff: [
    { line: 'spoc diff web-v1.yaml web-v2.yaml', says: 'What the second profile lets in and shuts out' },
    { line: 'sudo spoc diff web.yaml pid:4711', says: 'Has the process the filter of the profile' },
  ],
  score: [{ line: 'spoc score --min 80 web.yaml', says: 'How tight is a profile, and is it tight enough' }],
  explain: [
    { line: 'spoc explain web.yaml socket', says: 'Why is a call permitted, and how dangerous is it' },
    { line: 'spoc explain --groups web.yaml', says: 'Which calls of which kind are permitted' },
  ],
  adapt: [
    {
      line: 'spoc adapt --siblings --enosys -o wide.yaml web.yaml',
      says: 'A profile for other C libraries and kernels',
    },
    {
      line: 'spoc adapt --values web.trace -o tight.yaml web.yaml',
      says: 'A profile that permits sockets, mappings and the like only as a trace shows them',
    },
  ],
  ceiling: [
    { line: 'spoc ceiling /usr/sbin/nginx', says: 'Which calls can a program make at all' },
    {
      line: 'spoc ceiling --program /usr/sbin/nginx -p web.yaml oci://ghcr.io/team/web:v1',
      says: 'Does a profile permit more than a program of an image can make',
    },
  ],
  'support-dump': [{ line: 'spoc support-dump', says: 'One archive for a report, without secrets' }],
  doctor: [
    { line: 'spoc doctor', says: 'Has this machine, and the cluster of KUBECONFIG, what profiles need' },
    { line: 'spoc doctor -o json', says: 'The same for a script' },
  ],
  install: [{ line: 'sudo spoc install web.yaml /usr/sbin/nginx', says: 'Confine a program of this machine' }],
  remove: [{ line: 'sudo spoc remove web.yaml /usr/sbin/nginx', says: 'Take the AppArmor profile out again' }],
  push: [
    { line: 'spoc push --key cosign.key -f web.yaml ghcr.io/team/web:v1', says: 'Publish and sign by a key' },
    {
      line: 'spoc push -f amd64.yaml -p linux/amd64 -f arm64.yaml -p linux/arm64 ghcr.io/team/web:v1',
      says: 'A profile for each platform, signed by who you are',
    },
  ],
  pull: [
    { line: 'spoc pull --key cosign.pub -o web.yaml ghcr.io/team/web:v1', says: 'Take it where its key signed it' },
  ],
  completion: [{ line: 'source <(spoc completion bash)', says: 'Complete words in this shell' }],
};

/** The examples of a command as its help shows them; empty for one without. */
export function examplesText(command: string): string {
  const examples = EXAMPLES[command] ?? [];
  if (examples.length === 0) return '';
  return `\nExamples:\n${examples.map(({ line, says }) => `  # ${says}\n  ${line}`).join('\n')}\n`;
}
