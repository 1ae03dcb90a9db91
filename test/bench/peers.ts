import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { City } from './city.js';

/** MapServer and QGIS Server on the same database, behind nginx, for the length of a bench. */
export interface Peers {
  /** Null where the program is not installed; the report then says so. */
  mapserver: { tile(z: number, x: number, y: number): string; items(bbox: string): string } | null;
  qgis: { items(bbox: string): string } | null;
  /** nginx with a folder of files, for the rate of bare bytes. */
  files: { folder: string; url: string } | null;
  stop(): Promise<void>;
}

const mapservBinary = '/usr/lib/cgi-bin/mapserv';
const qgisBinary = '/usr/lib/cgi-bin/qgis_mapserv.fcgi';
const needed = (binary: string) =>
  existsSync(binary) && existsSync('/usr/bin/spawn-fcgi') && existsSync('/usr/sbin/nginx');

export async function startPeers(city: City): Promise<Peers> {
  const folder = mkdtempSync(join(tmpdir(), 'jarib-peers-'));
  const started: ChildProcess[] = [];
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  mkdirSync(join(folder, 'files'));
  execFileSync('chmod', ['755', folder]);
  const mapserver = needed(mapservBinary) ? prepareMapserver(folder, city, base, started) : null;
  const qgis = needed(qgisBinary) ? prepareQgis(folder, city, base, started) : null;
  const files = existsSync('/usr/sbin/nginx')
    ? { folder: join(folder, 'files'), url: `${base}/files` }
    : null;
  if (files) startNginx(folder, port, started);
  await pause(2_500);
  return {
    mapserver,
    qgis,
    files,
    async stop() {
      for (const child of started) await kill(child, folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function connectionOf(city: City): string {
  const url = new URL(city.config.ownerUrl);
  return `host=${url.hostname} port=${url.port} dbname=${url.pathname.slice(1)} user=${url.username} password=${url.password}`;
}

/** The same rows and the same columns that our own tile of the layer has. */
function prepareMapserver(
  folder: string,
  city: City,
  base: string,
  started: ChildProcess[],
): Peers['mapserver'] {
  const columns = 'tile_id, parcel_no, land_use, ward_number';
  const layer = (name: string, geom: string, srid: number) => `
  LAYER NAME "${name}" TYPE POLYGON STATUS ON CONNECTIONTYPE POSTGIS CONNECTION "${connectionOf(city)}"
    PROCESSING "CLOSE_CONNECTION=DEFER" TEMPLATE "none"
    DATA "${geom} FROM (SELECT ${columns}, ${geom} FROM parcels WHERE ulb_id = ${city.ulbId}) AS t USING UNIQUE tile_id USING SRID=${srid}"
    PROJECTION "init=epsg:${srid}" END
    METADATA "gml_include_items" "all" "gml_featureid" "tile_id" "ows_title" "${name}" "oga_enable_request" "*" END
  END`;
  writeFileSync(
    join(folder, 'city.map'),
    `MAP NAME "city" EXTENT -20037508 -20037508 20037508 20037508 SIZE 256 256
  PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT NAME "mvt" DRIVER MVT FORMATOPTION "EXTENT=4096" FORMATOPTION "EDGE_BUFFER=64" END
  WEB METADATA "ows_enable_request" "*" "oga_enable_request" "*" "oga_onlineresource" "${base}/ms/city/ogcapi"
    "oga_html_template_directory" "/usr/share/mapserver/ogcapi/templates/html-plain/" END END
  ${layer('parcels', 'geom_3857', 3857)}${layer('features', 'geom', 4326)}
END`,
  );
  writeFileSync(
    join(folder, 'ms.conf'),
    `CONFIG ENV MS_MAP_PATTERN "." END MAPS city "${folder}/city.map" END END`,
  );
  started.push(fcgi(folder, 'ms', mapservBinary, { MAPSERVER_CONFIG_FILE: join(folder, 'ms.conf') }));
  return {
    tile: (z, x, y) =>
      `${base}/ms/?map=city&mode=tile&tilemode=gmap&tile=${x}+${y}+${z}&layers=parcels&map.imagetype=mvt`,
    items: (bbox) => `${base}/ms/city/ogcapi/collections/features/items?f=json&limit=100&bbox=${bbox}`,
  };
}

function prepareQgis(folder: string, city: City, base: string, started: ChildProcess[]): Peers['qgis'] {
  const source = `${connectionOf(city)} key='tile_id' srid=4326 type=MultiPolygon checkPrimaryKeyUnicity='0' table="public"."parcels" (geom)`;
  const script = `
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
app = QgsApplication([], False); app.initQgis()
layer = QgsVectorLayer(${JSON.stringify(source)}, 'parcels', 'postgres')
assert layer.isValid(), layer.error().message()
project = QgsProject.instance(); project.addMapLayer(layer)
project.writeEntry('WFSLayers', '/', [layer.id()])
project.write(${JSON.stringify(join(folder, 'city.qgs'))})
print('written', flush=True)
import os; os._exit(0)
`;
  try {
    execFileSync('/usr/bin/python3', ['-c', script], {
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
      stdio: 'pipe',
    });
  } catch {
    return null;
  }
  const env = { QT_QPA_PLATFORM: 'offscreen', QGIS_PROJECT_FILE: join(folder, 'city.qgs'), HOME: folder };
  started.push(fcgi(folder, 'qs', qgisBinary, env));
  return { items: (bbox) => `${base}/wfs3/collections/parcels/items.json?limit=100&bbox=${bbox}` };
}

/** Two processes, as many as the machine has processors; -n keeps spawn-fcgi in the foreground so that we can end it. */
function fcgi(folder: string, name: string, binary: string, env: Record<string, string>): ChildProcess {
  const args = [
    '-s',
    join(folder, `${name}.sock`),
    '-M',
    '0666',
    '-F',
    '2',
    '-P',
    join(folder, `${name}.pid`),
    '--',
    binary,
  ];
  return spawn('/usr/bin/spawn-fcgi', args, { env: { ...process.env, ...env }, stdio: 'ignore' });
}

function startNginx(folder: string, port: number, started: ChildProcess[]): void {
  writeFileSync(
    join(folder, 'nginx.conf'),
    `
daemon off; worker_processes 2; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
user root;
events { worker_connections 512; }
http { access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; keepalive_requests 1000000;
  fastcgi_buffers 64 64k; fastcgi_buffer_size 64k;
  server { listen 127.0.0.1:${port}; server_name 127.0.0.1;
    location /files/ { root ${folder}; default_type application/vnd.mapbox-vector-tile; }
    location /ms/ { fastcgi_split_path_info ^(/ms)(/.*)$; ${fastcgi(folder, 'ms')} }
    location /wfs3 { fastcgi_split_path_info ^()(/wfs3.*)$; ${fastcgi(folder, 'qs')} } } }`,
  );
  started.push(
    spawn('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' }),
  );
}

const fastcgi = (folder: string, name: string) => `include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_NAME $fastcgi_script_name; fastcgi_param PATH_INFO $fastcgi_path_info;
      fastcgi_param SERVER_NAME 127.0.0.1; fastcgi_pass unix:${folder}/${name}.sock;`;

/** MapServer does not listen to SIGTERM; all are our own, by the ids that they left in our folder. */
async function kill(child: ChildProcess, folder: string): Promise<void> {
  child.kill('SIGTERM');
  for (const name of ['ms', 'qs']) {
    const file = join(folder, `${name}.pid`);
    if (!existsSync(file)) continue;
    for (const pid of readFileSync(file, 'utf8').split(/\s+/).filter(Boolean).map(Number)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    rmSync(file);
  }
  await pause(100);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
