import { Random } from './random.ts';

const FIRST_NAMES =
  'Camille Léa Zoé Hélène Jeanne Marie Louise Chloé Inès Manon Sarah Anaïs Élodie Margaux Françoise Aïcha Nadia Fatima Sophie Claire Julie Nathalie Isabelle Noémie Agathe Jean Pierre Paul Lucas Hugo Louis Jules Gabriel Raphaël Arthur Adam Ethan Théo Noah Nathan Mathis Antoine Étienne François Gaël Loïc Yann Mehdi Karim Olivier Stéphane Jérôme Benoît Jean-Paul Marie-Claude Anne-Sophie'.split(
    ' ',
  );
const LAST_NAMES =
  'Martin,Bernard,Thomas,Petit,Robert,Richard,Durand,Dubois,Moreau,Laurent,Simon,Michel,Lefebvre,Leroy,Roux,David,Bertrand,Morel,Fournier,Girard,Bonnet,Dupont,Lambert,Fontaine,Rousseau,Vincent,Müller,Lefèvre,Faure,André,Mercier,Blanc,Guérin,Boyer,Garnier,Chevalier,Legrand,Gauthier,Garcia,Perrin,Robin,Clément,Morin,Nicolas,Henry,Roussel,Mathieu,Gautier,Masson,Marchand,Duval,Denis,Dumont,Marie,Lemaire,Noël,Meyer,Dufour,Meunier,Brun,Blanchard,Giraud,Joly,Rivière,Lucas,Brunet,Gaillard,Barbier,Arnaud,Martinez,Gérard,Roche,Renard,Schmitt,Roy,Leroux,Colin,Vidal,Caron,Picard,Roger,Fabre,Aubert,Lemoine,Renaud,Dumas,Lacroix,Olivier,Philippe,Bourgeois,Pierre,Benoît,Rey,Leclerc,Payet,Rolland,Leclercq,Guillaume,Lecomte,López,Jean,Dupuy,Guillot,Hubert,Berger,Carpentier,Sánchez,Dupuis,Moulin,Louis,Deschamps,Huet,Vasseur,Perez,Boucher,Fleury,Royer,Klein,Jacquet,Adam,Paris,Poirier,Marty,Aubry,Guyot,Carré,Charles,Renault,Charpentier,Ménard,Maillard,Baron,Bertin,Bailly,Hervé,Le Goff,de La Fontaine,Nguyen,Ben Saïd,O’Brien'.split(
    ',',
  );
const MAILS = ['exemple.fr', 'courriel.example', 'poste.example', 'boite.example'];
/** How people write one and the same number. */
const PHONES = [
  (d: readonly string[]) => `0${d.join(' ')}`,
  (d: readonly string[]) => `0${d.join('')}`,
  (d: readonly string[]) => `0${d.join('.')}`,
  (d: readonly string[]) => `+33 ${d.join(' ')}`,
  (d: readonly string[]) => `+33 (0)${d.join('-')}`,
];

export interface Customer {
  name: string;
  email: string;
  phone: string | null;
}

/** The customer of this index, always the same one; the domains belong to nobody. */
export function drawCustomer(index: number, seed: number): Customer {
  const random = new Random(Math.imul(index + 1, 0x9e3779b1) ^ seed);
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  const email = `${plain(first)}.${plain(last)}${index}@${random.pick(MAILS)}`;
  if (random.next() < 0.3) return { name: `${first} ${last}`, email, phone: null };
  const digits = [String(random.integer(6, 7)), ...Array.from({ length: 4 }, () => twoDigits(random.integer(0, 99)))];
  return { name: `${first} ${last}`, email, phone: random.pick(PHONES)(digits) };
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z-]/g, '')
    .toLowerCase();
}

const twoDigits = (number: number) => String(number).padStart(2, '0');
