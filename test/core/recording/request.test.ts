// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import {
  isRecordable,
  isRequestKey,
  parseRequest,
  parseRequests,
  printRequest,
  printRequests,
  recordedContainers,
  recordingPrefix,
} from '../../../src/core/recording/request.ts';

const REQUEST = { recording: 'my-recording', container: 'nginx', nonce: 'x7k2p', since: 1_636_978_341 };
const LABEL = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const ARBITRARY = fc.record({
  recording: LABEL,
  container: LABEL,
  nonce: fc.stringMatching(/^[a-z0-9]{5}$/),
  since: fc.nat(),
});

describe('core/recording/request', () => {
  it('has the form of the manual', () => {
    expect(printRequest(REQUEST)).to.equal('my-recording_nginx_x7k2p_1636978341');
    expect(recordingPrefix('SeccompProfile', 'logs')).to.equal('io.containers.trace-logs/');
    expect(recordingPrefix('SeccompProfile', 'bpf')).to.equal('io.containers.trace-bpf/');
    expect(recordingPrefix('SelinuxProfile', 'logs')).to.equal('io.containers.trace-avcs/');
    expect(recordingPrefix('AppArmorProfile', 'logs')).to.equal('io.containers.trace-logs-apparmor/');
    expect(recordingPrefix('SelinuxProfile', 'bpf')).to.equal(undefined);
    expect(recordingPrefix('AppArmorProfile', 'bpf')).to.equal(undefined);
  });

  it('is read as it was printed', () => {
    fc.assert(
      fc.property(ARBITRARY, (request) => {
        expect(parseRequest(printRequest(request))).to.deep.equal(request);
        expect(isRecordable(request.recording)).to.equal(true);
      }),
    );
  });

  it('of several recordings stand in one annotation, in any order of asking', () => {
    const other = { ...REQUEST, recording: 'a-second' };
    const text = 'a-second_nginx_x7k2p_1636978341,my-recording_nginx_x7k2p_1636978341';
    expect(printRequests([REQUEST, other])).to.equal(text);
    expect(printRequests([other, REQUEST])).to.equal(text);
    expect(parseRequests(text, 'nginx')).to.have.deep.members([REQUEST, other]);
    expect(printRequests([])).to.equal(undefined);
  });

  it('are all those of a pod', () => {
    const value = printRequest(REQUEST);
    const annotations = {
      'io.containers.trace-logs/nginx': value,
      'io.containers.trace-bpf/nginx': value,
      'io.containers.trace-bpf/redis': value,
      'io.containers.trace-else/nginx': value,
      other: value,
    };
    expect(recordedContainers(annotations)).to.have.deep.members([
      { ...REQUEST, kind: 'SeccompProfile', recorder: 'logs' },
      { ...REQUEST, kind: 'SeccompProfile', recorder: 'bpf' },
    ]);
    expect(recordedContainers(undefined)).to.deep.equal([]);
    expect(Object.keys(annotations).filter(isRequestKey)).to.have.length(3);
  });

  it('of another form are passed over', () => {
    const strange = [
      '',
      '_nginx_x7k2p_1',
      'my.recording_nginx_x7k2p_1',
      'r_nginx_x7k2p_',
      'r_nginx_x7k2p_-1',
      'r_nginx_x7k2_1',
      'r_nginx_X7K2P_1',
      'r_nginx_x7k2p_1\n',
      `r_${'n'.repeat(64)}_x7k2p_1`,
      'r_nginx_x7k2p_1_2',
    ];
    for (const value of strange) expect(parseRequest(value), value).to.equal(undefined);
    expect(parseRequests(`${strange.join(',')},${printRequest(REQUEST)}`, 'nginx')).to.deep.equal([REQUEST]);
    expect(['a.b', '', 'A', '-a', 'a'.repeat(64)].filter(isRecordable)).to.deep.equal([]);
  });

  it('are one for each recording, and a bounded number', () => {
    const twice = `${printRequest(REQUEST)},${printRequest({ ...REQUEST, since: 1 })}`;
    expect(parseRequests(twice, 'nginx')).to.have.length(1);
    const many = Array.from({ length: 10_000 }, (_, index) =>
      printRequest({ ...REQUEST, recording: `r${String(index)}` }),
    );
    expect(parseRequests(many.join(','), 'nginx')).to.have.length(64);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(recordedContainers({ 'io.containers.trace-bpf/c': text }).length).to.be.at.most(64);
      }),
    );
  });
});
