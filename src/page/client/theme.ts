import { element } from './dom.ts';

const KEY = 'memory-inspector-theme';
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** A switch between the system's theme, light and dark; `onChange` redraws what has colours of its own. */
export function themeSwitch(onChange: () => void): HTMLElement {
  let theme = recall();
  const select = element(
    'select',
    { id: 'theme', 'aria-label': 'Theme' },
    ...THEMES.map((name) => element('option', { value: name }, name === 'auto' ? 'system theme' : name)),
  );
  const apply = () => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  select.value = theme;
  apply();
  select.addEventListener('change', () => {
    theme = THEMES.find((name) => name === select.value) ?? 'auto';
    remember(theme);
    apply();
    onChange();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  return select;
}

/** Where storage is refused, as in some files and frames, each visit begins with the system's. */
function recall(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((name) => name === stored) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It then lasts until the page is closed.
  }
}
