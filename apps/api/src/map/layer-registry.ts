import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import type { Layer } from './layer.js';

/** The layers that exist, by name, in the order in which a map draws them. */
@Injectable()
export class LayerRegistry {
  private readonly byName: ReadonlyMap<string, Layer>;

  constructor(readonly layers: readonly Layer[]) {
    const names = layers.map((layer) => layer.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw new Error(`Two layers are named ${twice}.`);
    const odd = layers
      .flatMap((layer) => [layer.table, ...layer.columns.map((column) => column.name)])
      .find((identifier) => !/^[a-z][a-z0-9_]{0,59}$/.test(identifier));
    if (odd) throw new Error(`${odd} cannot be a table or column: small letters, digits and _ only.`);
    this.byName = new Map(layers.map((layer) => [layer.name, layer]));
  }

  /** The layer of that name. A wrong name is the caller's mistake and lists the right ones. */
  get(name: string): Layer {
    const layer = this.byName.get(name);
    if (!layer) {
      throw new Problem(
        404,
        'layer-unknown',
        `There is no layer "${name.slice(0, 60)}". Layers: ${[...this.byName.keys()].join(', ')}.`,
        [{ where: 'layer', value: name.slice(0, 60), message: 'unknown layer' }],
      );
    }
    return layer;
  }
}
