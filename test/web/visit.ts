// The functions given to page.evaluate run in the browser.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import playwright, { type Browser, type Page } from 'playwright-core';
import type { Town } from './town.js';

const { resolve } = createRequire(import.meta.url);

export async function openBrowser(): Promise<Browser> {
  return playwright.chromium.launch({
    executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface VisitOptions {
  language?: 'en' | 'hi' | 'mr';
  scheme?: 'light' | 'dark';
  size?: { width: number; height: number };
  /** Signs this account in at the API's own door before the first page. */
  login?: string;
  path?: string;
}

/** A page of a person of his own, with what the browser complained of. */
export interface Visit {
  page: Page;
  faults: string[];
  /** Every vector tile that was answered, as `roads 200`. */
  tiles: string[];
}

/** Opens a page as a person would: own cookies, language and colours. */
export async function visit(browser: Browser, town: Town, options: VisitOptions = {}): Promise<Visit> {
  const { language = 'en', scheme = 'light', size = { width: 1366, height: 768 }, path = '/' } = options;
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    locale: 'en-IN',
    baseURL: town.url,
  });
  context.setDefaultTimeout(15_000);
  await context.addInitScript(`localStorage.setItem('jarib.language', '${language}')`);
  if (options.login) {
    const { ulb, password } = town;
    const answer = await context.request.post('/api/session', {
      data: { ulb, login: options.login, password },
    });
    if (!answer.ok()) throw new Error(`Sign-in was refused: ${answer.status()} ${await answer.text()}`);
  }
  const page = await context.newPage();
  const faults: string[] = [];
  const tiles: string[] = [];
  page.on('response', (answer) => {
    const layer = /collections\/(\w+)\/tiles\//.exec(answer.url())?.[1];
    if (layer) tiles.push(`${layer} ${answer.status()}`);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(town.url) && !/^(data|blob):/.test(request.url()))
      faults.push(request.url());
  });
  await page.goto(path);
  return { page, faults, tiles };
}

/** How many pixels of the map have the colour `#rrggbb`. */
async function pixelsOf(page: Page, colour: string): Promise<number> {
  return page.evaluate((wanted) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
    let found = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.ol-layers canvas')) {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] === r && data[at + 1] === g && data[at + 2] === b) found += 1;
      }
    }
    return found;
  }, colour);
}

/** Waits until the map shows a colour on so many pixels. Throws with the count it came to. */
export async function untilDrawn(page: Page, colour: string, least: number, most = Infinity): Promise<void> {
  let count = 0;
  for (let tries = 0; tries < 60; tries += 1) {
    count = await pixelsOf(page, colour);
    if (count >= least && count <= most) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`The map shows ${count} pixels of ${colour}, expected ${least} to ${most}.`);
}

const axe = readFileSync(resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of WCAG 2.1 A and AA that are serious or worse, as `rule: selector`. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Found {
      violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
    }
    const { axe: engine } = window as unknown as {
      axe: { run(node: Document, options: object): Promise<Found> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    const { violations } = await engine.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
      );
  });
}

/** Buttons, labels and tabs whose words do not fit into them, as `text (needed > given)`. */
export async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, label, [role=tab], th, h1, h2, h3, .tag')]
      .filter((each) => each.offsetParent !== null && each.scrollWidth > each.clientWidth + 1)
      .map((each) => `${each.textContent} (${each.scrollWidth} > ${each.clientWidth})`),
  );
}
