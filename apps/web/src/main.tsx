import '@mantine/core/styles.css';
import './ui/fonts.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startTexts } from './i18n/i18n.js';
import { App } from './shell/app.js';
import { readUrl } from './ui/url-state.js';

await startTexts(readUrl('lang'));
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
