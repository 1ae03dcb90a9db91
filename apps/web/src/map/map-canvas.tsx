import { type KeyboardEvent, useEffect, useRef } from 'react';
import { JaribMap, type MapPosition, type Picked } from './jarib-map.js';
import type { Appearance } from './styles/appearance.js';
import './map.css';

interface Props {
  appearance: Appearance;
  /** Where the map begins; later changes come from the person's hand. */
  start: MapPosition;
  label: string;
  onReady: (map: JaribMap | null) => void;
  onPick: (picked: Picked | null) => void;
  onMove: (position: MapPosition) => void;
}

/** The one element that OpenLayers draws into. Everything else reaches the map through JaribMap. */
export function MapCanvas({ appearance, start, label, onReady, onPick, onMove }: Props) {
  const target = useRef<HTMLDivElement>(null);
  const map = useRef<JaribMap>(null);
  const handlers = useRef({ onReady, onPick, onMove });
  handlers.current = { onReady, onPick, onMove };

  useEffect(() => {
    if (!target.current) return;
    const made = new JaribMap(target.current, appearance, start);
    map.current = made;
    made.onClick((picked) => handlers.current.onPick(picked));
    made.onMoved((position) => handlers.current.onMove(position));
    handlers.current.onReady(made);
    return () => {
      handlers.current.onReady(null);
      map.current = null;
      made.dispose();
    };
    // Only once: the map lives as long as the page, and is told of changes.
  }, []);

  useEffect(() => map.current?.setAppearance(appearance), [appearance]);

  const pickByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !map.current) return;
    event.preventDefault();
    onPick(map.current.pickCentre());
  };

  return (
    <div
      ref={target}
      className="map-canvas"
      role="application"
      aria-label={label}
      tabIndex={0}
      onKeyDown={pickByKey}
      data-testid="map"
    />
  );
}
