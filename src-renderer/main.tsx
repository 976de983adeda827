import './without-eval.ts';
import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connect } from './bridge.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
connect();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
