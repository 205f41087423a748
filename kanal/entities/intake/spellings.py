"""Names of lead fields used by senders in many languages, folded to letters and digits."""

from kanal.kit.letters import fold

OPEN_NAMES = (
    "subject", "first_name", "last_name", "job_title", "company", "email", "phone", "website", "street", "city",
    "postcode", "region", "country", "registration_number", "vat_number", "industry", "source", "channel", "priority",
    "description", "value", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "consent",
    "consent_at", "currency",
)  # fmt: skip
_SPELLINGS = """
full_name: fullname name names contactname contactperson customername clientname nameofcontact personname
full_name: firstandlastname firstnamelastname namefirstlast nameandsurname namesurname displayname leadname
full_name: kontaktperson navn fulltnavn kontakt ansprechpartner vollername vollstandigername naam volledigenaam namn
full_name: nom nomcomplet nometprenom nomprenom nombre nombrecompleto nombreyapellidos nome nomecompleto nomeecognome
full_name: jmeno celejmeno jmenoaprijmeni jmenoprijmeni meno menoapriezvisko imieinazwisko nimi nev nume numecomplet
full_name: имя фио имяифамилия контактноелицо імя піб ονομα ονοματεπωνυμο 氏名 お名前 名前 姓名 이름 성명 isim adsoyad
first_name: firstname namefirst givenname fname forename firstnames fornavn forenavn vorname fornamn prenom voornaam
first_name: jmenokrestni krestnijmeno krstnemeno imie imiona primeironome nomeproprio nomedibattesimo etunimi
first_name: keresztnev utonev prenume eesnimi vards vardas nombredepila primernombre иminя имясобственное 名
last_name: lastname namelast surname familyname lname secondname etternavn efternavn nachname familienname zuname
last_name: efternamn nomdefamille achternaam apellido apellidos primerapellido prijmeni priezvisko nazwisko cognome
last_name: sobrenome apelido sukunimi vezeteknev csaladnev numedefamilie soyad perekonnanimi uzvards pavarde фамилия
last_name: прізвище επωνυμο επιθετο 姓 苗字
email: email mail emailaddress emailadress mailaddress workemail businessemail companyemail emailwork corporateemail
email: contactemail customeremail useremail senderemail fromemail replyto primaryemail emails from sender epost
email: epostadresse epostadress emailadresse mailadresse emailadres courriel adressecourriel adresseemail
email: adresseemailprofessionnelle correo correoelectronico direcciondecorreo emailempresa adresemail adresmailowy
email: emailprofissional indirizzoemail endereçodeemail enderecodeemail sahkoposti sahkopostiosoite emailcim
email: adresadeemail eposta почта электроннаяпочта адресэлектроннойпочты емейл имейл електроннапошта メール
email: メールアドレス 电子邮件 邮箱 电子邮箱 이메일 emailovaadresa emailadresa elektronickaposta
phone: phone telephone tel mobile phonenumber telephonenumber mobilephone mobilenumber cell cellphone cellnumber
phone: cellphonenumber workphone businessphone contactnumber contactphone dayphone daytimephone telno phoneno mobileno
phone: primaryphone phones whatsapp whatsappnumber telefon telefonnummer telefonnr tlf tlfnr mobil mobilnummer mobilnr
phone: mobiltelefon mobiltelefonnummer handy handynummer rufnummer telefoon telefoonnummer gsm gsmnummer mobielnummer
phone: telefono telefonomovil numerodetelefono movil celular telefonocelular cellulare numeroditelefono
phone: numerodetelephone telephoneportable portable telefone telemovel numerodetelefone telefonicislo telefonnicislo
phone: cislotelefonu telefonnecislo mobilnicislo numertelefonu telefonkontaktowy puhelin puhelinnumero matkapuhelin
phone: telefonszam mobilszam numardetelefon telefonnumber телефон номертелефона мобильныйтелефон контактныйтелефон
phone: τηλεφωνο κινητο 電話 電話番号 携帯電話 电话 电话号码 手机 手机号码 전화번호 telefonnumarasi
company: company companyname organization organisation organizationname organisationname business businessname
company: employer nameofcompany nameofyourcompany nameofthecompany nameoforganization orgname org accountname firma
company: firmenname firmanavn firmanamn nazevfirmy nazovfirmy nazwafirmy nazwaspolki unternehmen unternehmensname
company: bedrift bedriftsnavn bedriftensnavn virksomhed virksomhedsnavn virksomhet selskap selskapsnavn foretag
company: foretagsnamn bedrijf bedrijfsnaam organisatie onderneming entreprise nomdelentreprise societe nomdelasociete
company: raisonsociale empresa nombredelaempresa nombreempresa razonsocial nomedaempresa azienda nomeazienda societa
company: ragionesociale impresa spolecnost spolocnost yritys yrityksennimi ceg cegnev companie numefirma sirket
company: sirketadi компания названиекомпании организация фирма компанія εταιρεια εταιρια 会社 会社名 貴社名 御社名
company: 公司 公司名称 회사 회사명
job_title: jobtitle position jobposition role jobrole jobfunction function occupation stilling stillingstittel tittel
job_title: funktion positionimunternehmen berufsbezeichnung befattning yrke functie fonction poste intituleduposte
job_title: cargo puesto puestodetrabajo ruolo posizione funkce pozice pozicia stanowisko funcao tehtavanimike beosztas
job_title: должность посада 役職 职位 직책
website: website url web homepage webside websiteurl webpage webadress webadresse companywebsite companyurl
website: websitedomain domain companydomain internetseite internetadresse nettside nettsted hjemmeside hemsida siteweb
website: siteinternet sitioweb paginaweb sitoweb sito webovastranka webovestranky stronainternetowa strona kotisivu
website: weboldal сайт вебсайт ウェブサイト 网站
street: street address streetaddress address1 addressline1 addressstreetaddress addressaddressline1 mailingaddress
street: streetname postaladdress businessaddress companyaddress adresse gateadresse besoksadresse postadresse gate
street: strasse strassehausnummer strasseundhausnummer anschrift adress gatuadress gata vej vejnavn adres straat
street: straatnaam rue adressepostale direccion calle domicilio indirizzo endereço endereco rua morada ulice adresa
street: ulica katuosoite osoite utca cim strada адрес улица адреса διευθυνση 住所 地址 주소 ulicecp uliceacislopopisne
city: city town addresscity locality cityortown towncity sted poststed ort stadt wohnort stad plaats woonplaats
city: gemeente ville commune ciudad localidad poblacion citta comune cidade localidade mesto obec miasto miejscowosc
city: kaupunki postitoimipaikka paikkakunta varos oras localitate sehir город місто πολη 市区町村 城市 도시 postort
postcode: postcode postalcode zip zipcode addresszippostalcode addresszip zippostalcode zippostcode postnummer postnr
postcode: plz postleitzahl codepostal codigopostal cap codiceavviamentopostale cep psc postovnismerovacicislo
postcode: kodpocztowy postinumero iranyitoszam codpostal postakodu индекс почтовыйиндекс поштовийіндекс 郵便番号 邮编
region: region state province county addressstateprovince stateprovince stateregion stateprovinceregion fylke
region: bundesland kanton departement provincia estado regione provinz wojewodztwo область регион 都道府県
country: kraj country countryname addresscountry countrycode countryregion countryofresidence land landkode lande pais
country: pays paese nazione zeme stat krajina kraina maa orszag tara ulke страна країна χωρα 国 国名 国家 국가
registration_number: registrationnumber companynumber companyregistrationnumber companyregistration orgnr orgnummer
registration_number: orgnumber organisasjonsnummer organisasjonsnr organisationsnummer organizationnumber cvr cvrnr
registration_number: cvrnummer ico icz identifikacnicislo ytunnus kvk kvknummer siren siret regon
registration_number: handelsregisternummer firmenbuchnummer cif nifempresa cnpj инн едрпоу businessid
vat_number: vatnumber vat vatid vatno vatregistrationnumber taxid taxnumber ustid ustidnr umsatzsteuerid
vat_number: umsatzsteueridentifikationsnummer uidnummer mvanummer momsnummer momsnr momsregistreringsnummer btw
vat_number: btwnummer tva numerotva numerodetva numtva nif nifiva piva partitaiva dic icdph nip adoszam alvnumero
description: description message yourmessage comment comments commentormessage note notes msg text body inquiry
description: enquiry messagebody messagetext bodyplain strippedtext additionalinformation additionalinfo
description: moreinformation furtherinformation details questions questionsorcomments yourinquiry yourenquiry
description: yourrequest howcanwehelp howcanwehelpyou howmaywehelp howmaywehelpyou whatcanwehelpyouwith
description: whatcanwedoforyou anythingelse melding beskjed henvendelse kommentar kommentarer besked meddelande
description: nachricht anfrage mitteilung bemerkung bemerkungen anliegen bericht vraag opmerking opmerkingen mensaje
description: comentario comentarios consulta mensagem commentaire commentaires votremessage demande messaggio commento
description: richiesta zprava poznamka dotaz sprava wiadomosc tresc trescwiadomosci uwagi viesti lisatietoja uzenet
description: megjegyzes mesaj сообщение комментарий повідомлення μηνυμα お問い合わせ内容 メッセージ 留言 메시지
subject: subject title topic yoursubject messagesubject emne betreff amne onderwerp sujet objet asunto oggetto assunto
subject: predmet temat aihe targy subiect konu тема θεμα 件名 主题 제목
value: value dealvalue estimatedvalue budget yourbudget amount estimatedbudget projectbudget dealamount
value: opportunityvalue belop budsjett betrag budgetrahmen presupuesto importe orcamento bedrag castka rozpocet budzet
value: kwota бюджет 予算
currency: currency currencycode valuta wahrung devise moneda mena waluta moeda
industry: industry branche bransje bransch sector sektor obor industria secteur branza toimiala
source: source leadsource
consent: consent gdpr gdprconsent yourconsent consentconsent privacy privacypolicy privacyconsent acceptterms terms
consent: termsandconditions agree iagree agreement acceptprivacypolicy dataprotection marketingconsent samtykke
consent: samtykker personvern einwilligung datenschutz datenschutzerklarung zustimmung souhlas souhlassezpracovanim
consent: suhlas zgoda rodo samtycke toestemming akkoord consentement rgpd consentimiento consenso consentimento
consent: suostumus privacybeleid aceptacion acepto lopd
utm_source: utmsource querystringutmsource
utm_medium: utmmedium querystringutmmedium
utm_campaign: utmcampaign querystringutmcampaign
utm_term: utmterm querystringutmterm
utm_content: utmcontent querystringutmcontent
"""
OTHER_NAMES = {
    fold(name): target
    for target, spellings in (line.split(": ") for line in _SPELLINGS.strip().splitlines())
    for name in spellings.split()
}
# Words around the name in a question: "What is your name?", "Bitte Ihre E-Mail (Pflichtfeld)".
_ASKING = """
what whats is are which who s please enter provide give us tell type insert add your you our the a my me in confirm
hva er din ditt dine deres vad ar hvad ditt was ist wie lautet ihr ihre ihren dein deine bitte geben sie quel quelle
est votre vos ton ta indiquez cual es tu su introduzca qual e il la le lo tuo tua suo sua seu o uw je jouw wat vase
vas vasa jake jaky jaka vaseho twoj twoja twoje podaj jaki jest mika on oma te az on ваш ваша ваше укажите required
optional obligatory mandatory here field pflichtfeld pflicht angabe erforderlich pakrevd valgfri obligatoriskt
obligatoire obligatorio obbligatorio povinne verplicht wymagane work business primary main best official professional
"""
ASKING = frozenset(_ASKING.split())
