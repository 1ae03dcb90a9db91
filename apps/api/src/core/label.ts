/** A text for people in the three languages of the product. */
export interface Label {
  en: string;
  hi: string;
  mr: string;
}
