import { convert, type Conversion } from './converter.js';
import { CopyReader } from './copy-rows.js';
import type { Mapping } from './mapping.js';
import type { RowBatch, RowSource } from './row-source.js';
import type { SourceFile } from './source-file.js';

/** A file of any kind as GDAL reads it. */
export class ConvertedFile implements RowSource {
  columns: string[] = [];
  private readonly conversion: Conversion;
  private readonly reader: CopyReader;

  constructor(file: SourceFile, mapping: Mapping, options: { srs?: string; encoding?: string }) {
    this.conversion = convert(file, mapping, options);
    this.reader = new CopyReader(this.conversion.output);
  }

  get layers(): number {
    return this.reader.heads;
  }

  async open(): Promise<boolean> {
    const head = await this.reader.readHead();
    this.columns = head?.columns ?? [];
    return head !== null;
  }

  batches(rows: number, bytes: number): AsyncGenerator<RowBatch> {
    return this.reader.batches(rows, bytes);
  }

  finished(): Promise<void> {
    return this.conversion.finished();
  }

  stop(): void {
    this.conversion.stop();
  }
}
