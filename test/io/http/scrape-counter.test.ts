// SPDX-License-Identifier: Apache-2.0
// Checks of the endpoint look for this counter by name.
import { expect } from 'chai';
import { Counter, Registry } from 'prom-client';
import { countedPage } from '../../../src/io/http/scrape-counter.ts';

describe('io/scrape-counter', () => {
  it('counts its readers', async () => {
    const page = countedPage(new Registry());
    expect(await page()).to.contain('promhttp_metric_handler_requests_total{code="200"} 1');
    expect(await page()).to.contain('promhttp_metric_handler_requests_total{code="200"} 2');
  });

  it('shows several registries on one page', async () => {
    const other = new Registry();
    new Counter({ name: 'other_total', help: 'another', registers: [other] });
    const text = await countedPage(new Registry(), other)();
    expect(text).to.match(/^promhttp_metric_handler_requests_total\{code="200"\} 1\n# HELP other_total another\n/m);
  });
});
