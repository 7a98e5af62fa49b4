// SPDX-License-Identifier: Apache-2.0
// The conversation with the program that records containers, which a shell script plays here: what it reads comes back
// in a sentence.
import { expect } from 'chai';
import { CONTAINER_RECORDER_PROTOCOL } from '../../../src/gen/wire/container-recorder.ts';
import type { ContainerRecorderEvent } from '../../../src/gen/wire/container-recorder.ts';
import { startedChannel } from '../../../src/io/native/child-channel.ts';
import { ContainerRecorder } from '../../../src/io/native/container-recorder.ts';

const HELLO = `echo '{"type":"hello","protocol":"${CONTAINER_RECORDER_PROTOCOL}"}' >&4`;
const STOPPED = `echo '{"type":"stopped"}' >&4`;

function recorderOf(script: string): ContainerRecorder {
  return new ContainerRecorder(startedChannel('/bin/sh', ['-c', script]));
}

async function followed({ events }: ContainerRecorder): Promise<readonly ContainerRecorderEvent[]> {
  const all: ContainerRecorderEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The reason why the events end. */
function failure(recorder: ContainerRecorder): Promise<string> {
  return followed(recorder).then(() => 'no failure', String);
}

describe('io/native/container-recorder', () => {
  it('tells the events, and ends with the last one', async () => {
    const key = '18446744073709551615';
    const lines = [
      `{"type":"container","key":"${key}","path":"/a\\u00c3\\u00a9","running":true}`,
      `{"type":"refused","key":"${key}","architecture":"SCMP_ARCH_X86","numbers":[1,2]}`,
    ];
    const recorder = recorderOf(
      `${HELLO}; ${lines.map((line) => `printf '%s\\n' '${line}' >&4`).join(';')}; ${STOPPED}`,
    );
    expect(await followed(recorder)).to.deep.equal([
      { type: 'container', key: 18446744073709551615n, path: '/aé', running: true },
      { type: 'refused', key: 18446744073709551615n, architecture: 'SCMP_ARCH_X86', numbers: [1, 2] },
      { type: 'stopped' },
    ]);
  });

  it('sends what it is told', async () => {
    const script = `${HELLO}; for i in 1 2 3 4 5 6 7; do read -r line <&3; all="$all$line"; done
      echo "{\\"type\\":\\"failed\\",\\"reason\\":\\"$(echo "$all" | tr -d '"')\\"}" >&4`;
    const recorder = recorderOf(script);
    recorder.attach();
    recorder.record(1n);
    recorder.ignore(2n);
    recorder.read(3n);
    recorder.forget(4n);
    recorder.detach();
    recorder.stop();
    const reason =
      '{type:attach}{type:record,key:1}{type:ignore,key:2}{type:read,key:3}{type:forget,key:4}{type:detach}{type:stop}';
    expect(await followed(recorder)).to.deep.equal([{ type: 'failed', reason }]);
  });

  it('fails when the program ends by itself, cannot be started, or is of another version', async () => {
    expect(await failure(recorderOf(`${HELLO}; exit 7`))).to.equal(
      'Error: /bin/sh ended with status 7 before it had finished',
    );
    expect(await failure(new ContainerRecorder(startedChannel('/no/such')))).to.match(/^Error: start \/no\/such: /);
    expect(await failure(recorderOf(`echo '{"type":"hello","protocol":"old"}' >&4; cat <&3`))).to.match(
      /^Error: \/bin\/sh speaks protocol old and we speak /,
    );
  });
});
