"""Word lists for fictitious people, companies and addresses by country. No rules, only lists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """The words of a country. `cities` are (city, postcode, region), `phone` is the prefix of a valid number."""

    code: str
    currency: str
    language: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    cities: tuple[tuple[str, str, str], ...]
    streets: tuple[str, ...]
    stems: tuple[str, ...]
    trades: tuple[str, ...]
    forms: tuple[str, ...]
    phone: str
    digits: int
    domain: str


def words(text: str) -> tuple[str, ...]:
    """Split a comma-separated list."""
    return tuple(word.strip() for word in text.split(","))


def places(text: str) -> tuple[tuple[str, str, str], ...]:
    """Parse `Oslo 0150 Oslo, …` into city, postcode and region, with underscores for spaces."""
    rows = []
    for line in words(text):
        city, postcode, region = (part.replace("_", " ") for part in line.split())
        rows.append((city, postcode, region))
    return tuple(rows)


NORWAY = Country(
    "NO", "NOK", "nb",
    words(
        "Ingrid, Nora, Emma, Sofie, Kari, Astrid, Solveig, Marte, "
        "Lars, Ola, Magnus, Henrik, Jonas, Erik, Sindre, Håkon"
    ),
    words(
        "Hansen, Johansen, Olsen, Larsen, Andersen, Nilsen, Kristiansen, "
        "Berg, Haugen, Solberg, Lund, Moen, Strand, Dahl"
    ),
    places(
        "Oslo 0150 Oslo, Bergen 5003 Vestland, Trondheim 7010 Trøndelag, Stavanger 4006 Rogaland, Tromsø 9008 Troms, "
        "Drammen 3015 Buskerud, Kristiansand 4611 Agder, Ålesund 6002 Møre_og_Romsdal"
    ),
    words("Storgata, Kirkegata, Havnegata, Skolegata, Parkveien, Industriveien, Strandgata"),
    words("Fjord, Nordlys, Vestkyst, Skagerrak, Bergstad, Havn, Polar, Trollheim, Sjø, Granitt, Lofoten, Viken"),
    words("Data, Bygg, Energi, Logistikk, Sjømat, Teknikk, Eiendom, Handel, Helse, Transport"),
    words("AS, AS, AS, ASA"), "+4790", 6, "no",
)  # fmt: skip
GERMANY = Country(
    "DE", "EUR", "de",
    words(
        "Anna, Lena, Julia, Katharina, Sabine, Claudia, Franziska, Monika, "
        "Lukas, Jonas, Stefan, Michael, Thomas, Jürgen, Felix, Matthias"
    ),
    words(
        "Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, "
        "Becker, Schulz, Hoffmann, Koch, Richter, Klein, Wolf, Schröder"
    ),
    places(
        "Berlin 10115 Berlin, Hamburg 20095 Hamburg, München 80331 Bayern, Köln 50667 Nordrhein-Westfalen, "
        "Frankfurt 60311 Hessen, Stuttgart 70173 Baden-Württemberg, Leipzig 04109 Sachsen, Nürnberg 90402 Bayern"
    ),
    words("Hauptstraße, Bahnhofstraße, Gartenstraße, Schillerstraße, Industriestraße, Lindenallee, Am Markt"),
    words("Rhein, Elbe, Alpen, Hansa, Schwarzwald, Adler, Falken, Neckar, Nord, Süd, Linden, Sonnen, Eichen"),
    words("Maschinenbau, Logistik, Systeme, Technik, Medizin, Handel, Elektro, Werkzeuge, Bau, Optik, Pharma"),
    words("GmbH, GmbH, AG, GmbH & Co. KG"), "+493012", 6, "de",
)  # fmt: skip
CZECHIA = Country(
    "CZ", "CZK", "cs",
    words(
        "Jana, Eva, Lucie, Tereza, Petra, Hana, Kateřina, Markéta, "
        "Jan, Petr, Tomáš, Martin, Jakub, Ondřej, Pavel, Vojtěch"
    ),
    words("Novák, Svoboda, Dvořák, Černý, Procházka, Kučera, Veselý, Horák, Němec, Marek, Pokorný, Hájek, Král, Šimek"),
    places(
        "Praha 110_00 Praha, Brno 602_00 Jihomoravský, Ostrava 702_00 Moravskoslezský, Plzeň 301_00 Plzeňský, "
        "Olomouc 779_00 Olomoucký, Liberec 460_01 Liberecký, Zlín 760_01 Zlínský, Pardubice 530_02 Pardubický"
    ),
    words("Hlavní, Nádražní, Dlouhá, Krátká, Masarykova, Husova, Průmyslová"),
    words("Vltava, Morava, Orlice, Sázava, Bohemia, Lípa, Beskyd, Šumava, Kamenec, Labe, Tatran"),
    words("Stroj, Elektro, Stavby, Sklo, Pivovar, Doprava, Servis, Plast, Informatika, Ocel"),
    words("s.r.o., s.r.o., a.s."), "+420602", 6, "cz",
)  # fmt: skip
SPAIN = Country(
    "ES", "EUR", "es",
    words(
        "María, Carmen, Lucía, Ana, Elena, Marta, Isabel, Paula, "
        "José, Antonio, Javier, Carlos, Miguel, Alejandro, Pablo, Íñigo"
    ),
    words(
        "García, Martínez, López, Sánchez, Pérez, Gómez, Fernández, "
        "Ruiz, Díaz, Moreno, Muñoz, Romero, Navarro, Ortega"
    ),
    places(
        "Madrid 28013 Madrid, Barcelona 08002 Cataluña, Valencia 46001 Comunidad_Valenciana, Sevilla 41001 Andalucía, "
        "Bilbao 48001 País_Vasco, Zaragoza 50001 Aragón, Málaga 29001 Andalucía, Vigo 36201 Galicia"
    ),
    words("Calle Mayor, Calle Real, Gran Vía, Paseo del Prado, Avenida de la Paz, Calle del Sol, Rambla Nova"),
    words("Ibérica, Sierra, Costa, Alhambra, Ebro, Toledo, Cantábrico, Levante, Duero, Montaña, Azul"),
    words("Alimentación, Energía, Sistemas, Transportes, Cerámica, Construcción, Turismo, Textil, Salud, Vinos"),
    words("S.L., S.L., S.A."), "+34612", 6, "es",
)  # fmt: skip
FRANCE = Country(
    "FR", "EUR", "fr",
    words(
        "Camille, Léa, Manon, Chloé, Sophie, Nathalie, Élodie, Aurélie, "
        "Louis, Hugo, Nicolas, Julien, Pierre, François, Mathieu, Antoine"
    ),
    words(
        "Martin, Bernard, Dubois, Thomas, Robert, Petit, Durand, "
        "Leroy, Moreau, Lefèvre, Garnier, Rousseau, Fournier, Girard"
    ),
    places(
        "Paris 75002 Île-de-France, Lyon 69002 Auvergne-Rhône-Alpes, "
        "Marseille 13001 Provence, Toulouse 31000 Occitanie, "
        "Nantes 44000 Pays_de_la_Loire, Bordeaux 33000 Nouvelle-Aquitaine, "
        "Lille 59000 Hauts-de-France, Rennes 35000 Bretagne"
    ),
    words("Rue de la Paix, Rue Nationale, Avenue Victor Hugo, Rue du Moulin, Boulevard Voltaire, Rue des Lilas"),
    words("Loire, Provence, Atlantique, Lumière, Bretagne, Garonne, Étoile, Mistral, Horizon, Céleste, Armor"),
    words("Industrie, Logistique, Santé, Conseil, Énergie, Textile, Bâtiment, Distribution, Optique, Chimie"),
    words("SAS, SARL, SA"), "+33612", 6, "fr",
)  # fmt: skip
BRITAIN = Country(
    "GB", "GBP", "en",
    words(
        "Olivia, Amelia, Charlotte, Emily, Grace, Hannah, Rebecca, Victoria, "
        "Oliver, Harry, George, Thomas, William, Daniel, Samuel, Edward"
    ),
    words(
        "Smith, Jones, Taylor, Brown, Williams, Wilson, Evans, "
        "Walker, Wright, Thompson, Hughes, Edwards, Clarke, Turner"
    ),
    places(
        "London EC1A_1BB England, Manchester M1_1AE England, Birmingham B1_1BB England, Leeds LS1_4AP England, "
        "Edinburgh EH1_1YZ Scotland, Glasgow G1_1XQ Scotland, Cardiff CF10_1EP Wales, Bristol BS1_4ST England"
    ),
    words("High Street, Station Road, Church Lane, Victoria Road, Mill Lane, King Street, Park Avenue"),
    words("Albion, Thames, Pennine, Cotswold, Highland, Oakwood, Ashford, Kingsley, Harrow, Bluebell, Severn"),
    words("Engineering, Logistics, Foods, Healthcare, Consulting, Retail, Energy, Textiles, Marine, Print"),
    words("Ltd, Ltd, plc, LLP"), "+447400", 6, "co.uk",
)  # fmt: skip
AMERICA = Country(
    "US", "USD", "en",
    words(
        "Ava, Mia, Abigail, Madison, Jennifer, Ashley, Megan, Nicole, "
        "Liam, Noah, Ethan, Mason, Logan, Tyler, Brandon, Justin"
    ),
    words(
        "Johnson, Miller, Davis, Anderson, Jackson, White, Harris, "
        "Thompson, Robinson, Lewis, Young, Allen, Hill, Baker"
    ),
    places(
        "Boston 02108 Massachusetts, Chicago 60601 Illinois, Austin 73301 Texas, Denver 80202 Colorado, "
        "Seattle 98101 Washington, Atlanta 30303 Georgia, Portland 97201 Oregon, Columbus 43085 Ohio"
    ),
    words("Main Street, Oak Avenue, Maple Drive, Washington Boulevard, Lakeview Road, 2nd Street, Elm Street"),
    words("Liberty, Summit, Pioneer, Redwood, Cascade, Prairie, Granite, Harbor, Evergreen, Lone Star, Blue Ridge"),
    words("Software, Manufacturing, Health, Freight, Foods, Analytics, Energy, Robotics, Supply, Media"),
    words("Inc., LLC, Corp."), "+1617555", 4, "com",
)  # fmt: skip
COUNTRIES = (NORWAY, GERMANY, CZECHIA, SPAIN, FRANCE, BRITAIN, AMERICA)

JOBS = words(
    "Managing director, Head of purchasing, IT manager, Operations manager, Finance director, Plant manager, "
    "Project manager, Head of sales, Office manager, Chief engineer, Quality manager, Logistics coordinator"
)
NEEDS = words(
    "Replace the old ordering system, Connect the web shop, Stock in three warehouses, Planning of field service, "
    "Reports for the board, Electronic invoices, Move to the cloud, Service contracts for machines, "
    "Mobile app for technicians, Traceability of lots, One customer base after a merger, Support in two languages"
)
CALLS = words(
    "First call, Follow-up call, Call about the quote, Presentation of the product, Meeting on site, "
    "Video meeting with the team, Answer to open questions, Price negotiation, Workshop on requirements, "
    "Demo of planning, Call about the contract, Check-in after go-live"
)
SUBJECTS = {
    "call": words(
        "First call, Follow-up call, Call about the quote, Price negotiation, Call about the contract, "
        "Check-in after go-live"
    ),
    "email": words("Answer to open questions, Reference list, Summary of the meeting, Figures for the board"),
    "meeting": words("Meeting on site, Video meeting with the team, Workshop on requirements, Meeting with finance"),
    "presentation": words("Presentation of the product, Demo of planning, Demo of the warehouse, Demo for management"),
}
OUTCOMES = words(
    "Interested; wants figures, Asked to call next week, Decision moved to next quarter, Very positive meeting, "
    "Needs the consent of finance, Wants a reference visit, Compares with another vendor, Agreed on next steps"
)
COMPETITORS = words("Nordsoft, Planwerk, Vela Systems, In-house solution, Cedrus, Orbiq")
