import { demoTown, generateTown } from '../../geodata/town.js';
import { type Bench, type Figure, secondsOf } from './bench.js';

const sizes = [10_000, 100_000, 1_000_000];

export const townBench: Bench = {
  name: 'town',
  how: 'The generator of towns on one core, its COPY stream counted and thrown away.',
  async run(log) {
    const figures: Figure[] = [];
    for (const properties of sizes) {
      log(`${properties} properties`);
      let bytes = 0;
      const seconds = await secondsOf(async () => {
        const town = generateTown({
          seed: 7,
          properties,
          ulbId: 1,
          origin: demoTown.origin,
          today: '2026-04-01',
        });
        for (const chunk of town) bytes += chunk.bytes.length;
      });
      const rate = properties / seconds;
      figures.push({
        what: `${properties} properties, ${(bytes / 2 ** 20).toFixed(0)} MiB`,
        measured: `${Math.round(rate)} properties/s`,
        against: '20000 properties/s',
        ratio: rate / 20_000,
        goal: 'at least 20000/s',
        met: rate >= 20_000,
      });
    }
    return figures;
  },
};
