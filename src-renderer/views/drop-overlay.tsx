import { type ReactElement, useEffect, useState } from 'react';
import { addFiles } from '../actions.ts';
import { Icon } from '../ui/icon.tsx';
import './drop-overlay.css';

/** Takes files dropped anywhere in the window, and says so while they hover over it. */
export function DropOverlay(): ReactElement | null {
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    // Entering a child leaves its parent: only the balance says whether the pointer is still inside.
    let depth = 0;
    const handlers: Readonly<Record<string, (event: DragEvent) => void>> = {
      dragenter: () => setHovering(++depth > 0),
      dragleave: () => setHovering(--depth > 0),
      dragover: (event) => {
        if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
      },
      drop: (event) => {
        depth = 0;
        setHovering(false);
        addFiles([...(event.dataTransfer?.files ?? [])]);
      },
    };
    const listen = (event: Event): void => {
      if (!(event instanceof DragEvent)) return;
      event.preventDefault();
      handlers[event.type]?.(event);
    };
    const names = Object.keys(handlers);
    for (const name of names) window.addEventListener(name, listen);
    return () => {
      for (const name of names) window.removeEventListener(name, listen);
    };
  }, []);
  if (!hovering) return null;
  return (
    <div className="drop-overlay">
      <div className="drop-card">
        <Icon name="video" size={36} />
        <p>Drop to analyse</p>
      </div>
    </div>
  );
}
