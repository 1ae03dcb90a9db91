import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.JARIB_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: '../../dist/web', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': api, '/ogc': api, '/health': api } },
});
