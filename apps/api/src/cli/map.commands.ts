import type { Command } from 'commander';
import { exportFormats, type ExportFormat, ExportService } from '../map/export/export.service.js';
import { ImportService } from '../map/import/import.service.js';
import { readMapping } from '../map/import/mapping.js';
import type { ImportReport } from '../map/import/report.js';
import { readRollMapping } from '../parcels/roll-import/roll-mapping.js';
import { RollImportService } from '../parcels/roll-import/roll-import.service.js';
import { Problem } from '../core/problem.js';
import { exitCodes, Output } from './output.js';
import { readText } from './read-text.js';
import { withSession } from './session.js';

interface ImportOptions {
  ulb: string;
  map: string;
  dryRun?: boolean;
  wholeFile?: boolean;
  srs?: string;
  encoding?: string;
  from?: string;
  to?: string;
  lines: string;
}

/** `jarib import <layer|roll> FILE`, `jarib export <layer> FILE`. */
export function addMapCommands(program: Command): void {
  addImportCommand(program);
  addExportCommand(program);
}

function addImportCommand(program: Command): void {
  program
    .command('import')
    .description(
      'bring a file into a layer, or with `roll` a CSV file into the tax roll; the report names every row',
    )
    .argument('<what>', 'a layer such as parcels, or roll')
    .argument('<file>', 'GeoPackage, Shapefile (zip), GeoJSON, NDJSON, KML, DXF, CSV, FlatGeobuf')
    .requiredOption('--ulb <code>', 'the municipality')
    .requiredOption('--map <file>', 'mapping file (YAML): source column to column')
    .option('--dry-run', 'do everything, report, and write nothing')
    .option('--whole-file', 'one rejected row rejects the file')
    .option('--srs <code>', 'coordinate system, where the file does not say it, such as EPSG:32643')
    .option('--encoding <name>', 'character set, where it is not UTF-8')
    .option('--from <day>', 'wards and zones: first day in law, YYYY-MM-DD')
    .option('--to <day>', 'wards and zones: first day no longer in law')
    .option('--lines <n>', 'how many report lines to print', '20')
    .action(async (what: string, file: string, options: ImportOptions, command: Command) => {
      const output = Output.of(command);
      const report = await importFile(what, file, options, output);
      output.result(report, (one) => reportWords(one, Number(options.lines)));
      if (report.result === 'refused') process.exitCode = exitCodes.failed;
      else if (report.counts.rejected) process.exitCode = exitCodes.findings;
    });
}

function importFile(what: string, file: string, options: ImportOptions, output: Output) {
  return withSession(async ({ app, contextOf }) => {
    const ctx = await contextOf(options.ulb);
    const bar = output.bar(`importing ${what}`);
    const { dryRun, wholeFile, srs, encoding } = options;
    const mapping = readText(options.map);
    const effective = options.from ? { from: options.from, to: options.to ?? null } : undefined;
    const onProgress = ({ read }: { read: number }) => bar.update(read, read);
    try {
      if (what === 'roll') {
        const roll = app.get(RollImportService, { strict: false });
        return await roll.run(ctx, {
          file,
          mapping: readRollMapping(mapping),
          dryRun,
          onProgress,
        });
      }
      const given = { layer: what, file, mapping: readMapping(mapping), dryRun, wholeFile, srs, encoding };
      return await app.get(ImportService, { strict: false }).run(ctx, { ...given, effective, onProgress });
    } finally {
      bar.stop();
    }
  });
}

function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a layer into a file')
    .argument('<layer>')
    .argument('<file>')
    .requiredOption('--ulb <code>', 'the municipality')
    .option('--format <name>', `${exportFormats.join(', ')}; absent: by the ending of the file`)
    .option('--datetime <time>', 'as it stood on a day, YYYY-MM-DD, or in a span, from/to')
    .action(
      async (
        layer: string,
        file: string,
        options: { ulb: string; format?: string; datetime?: string },
        command: Command,
      ) => {
        const format = formatOf(file, options.format);
        const result = await withSession(async ({ app, contextOf }) => {
          const ctx = await contextOf(options.ulb);
          return app
            .get(ExportService, { strict: false })
            .export(ctx, layer, format, file, { datetime: options.datetime });
        });
        Output.of(command).result({ file, format, ...result }, (one) => [
          `${file}: ${one.features} features, ${one.bytes} bytes`,
        ]);
      },
    );
}

const endings: Record<string, ExportFormat> = {
  gpkg: 'gpkg',
  geojson: 'geojson',
  json: 'geojson',
  csv: 'csv',
  zip: 'shapefile',
  shp: 'shapefile',
};

function formatOf(file: string, asked: string | undefined): ExportFormat {
  const format = asked ?? endings[file.split('.').pop()?.toLowerCase() ?? ''];
  const known = exportFormats.find((name) => name === format);
  if (!known) {
    const detail = `Say the format with --format: ${exportFormats.join(', ')}.`;
    throw new Problem(400, 'format-unknown', detail, [
      { where: '--format', value: asked ?? file, message: 'unknown format' },
    ]);
  }
  return known;
}

function reportWords(report: ImportReport, most: number): string[] {
  const { counts } = report;
  const rules = Object.entries(report.rules).map(([rule, count]) => `  ${rule}: ${count}`);
  const issues = Object.entries(report.issues).map(([rule, count]) => `  open issues, ${rule}: ${count}`);
  const lines = report.lines.slice(0, most).map((line) => {
    const where = line.column ? ` ${line.column} = ${JSON.stringify(line.value)}` : '';
    return `  row ${line.row} ${line.outcome} (${line.rule})${where}: ${line.message}`;
  });
  const more =
    report.lines.length > most
      ? [`  ... ${report.lines.length - most} more lines; --json prints them all`]
      : [];
  return [
    `${report.file} into ${report.layer}: ${report.result}`,
    `  read ${counts.read}: accepted ${counts.accepted} (of which repaired ${counts.repaired}), rejected ${counts.rejected}`,
    `  created ${counts.created}, changed ${counts.changed}, unchanged ${counts.unchanged}, retired ${counts.retired}`,
    ...rules,
    ...issues,
    ...lines,
    ...more,
  ];
}
