import 'antd/dist/reset.css'
import 'antd/dist/antd.css'
import './shared/app.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { startI18n } from './shared/i18n'

const root = document.getElementById('root')
await startI18n()
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
