"""By which names senders call the fields of a lead, in several languages; folded, without marks."""

OPEN_NAMES = (
    "subject", "first_name", "last_name", "job_title", "company", "email", "phone", "website", "street", "city",
    "postcode", "region", "country", "registration_number", "vat_number", "industry", "source", "channel", "priority",
    "description", "value", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "consent",
    "consent_at", "currency",
)  # fmt: skip
OTHER_NAMES = {
    name: target
    for target, spellings in {
        "full_name": "fullname name yourname contactname kontaktperson navn jmeno nombre nom",
        "first_name": "firstname namefirst givenname fname fornavn vorname jmenokrestni prenom yourfirstname",
        "last_name": "lastname namelast surname familyname lname etternavn nachname prijmeni apellido yourlastname",
        "email": "email mail emailaddress youremail epost epostadresse emailadresse workemail correo courriel",
        "phone": "phone telephone tel mobile phonenumber yourtel yourphone telefon telefonnummer mobil mobilephone "
                 "mobilenumber workphone handynummer telefono cellphone",
        "company": "company organization organisation companyname yourcompany firma bedrift foretag empresa societe",
        "job_title": "jobtitle position role stilling funktion",
        "website": "website url web homepage webside companywebsite",
        "street": "street address streetaddress addressstreetaddress addressline1 adresse address1 gate strasse",
        "city": "city addresscity town sted ort stadt mesto ciudad ville",
        "postcode": "postcode addresszippostalcode zip zipcode postalcode postnummer plz psc",
        "region": "region addressstateprovince state province county",
        "country": "country addresscountry land countryname zeme pais pays",
        "registration_number": "registrationnumber orgnr orgnummer organisasjonsnummer ico companynumber",
        "vat_number": "vatnumber vat vatid ustid dic",
        "description": "description message comment comments commentormessage note notes yourmessage melding "
                       "nachricht zprava beskjed "
                       "howcanwehelp questions enquiry inquiry",
        "subject": "subject title yoursubject emne betreff predmet topic",
        "value": "value dealvalue estimatedvalue budget amount",
        "consent": "consent gdpr gdprconsent yourconsent samtykke einwilligung souhlas privacy acceptterms",
        "utm_source": "utmsource querystringutmsource", "utm_medium": "utmmedium querystringutmmedium",
        "utm_campaign": "utmcampaign querystringutmcampaign", "utm_term": "utmterm querystringutmterm",
        "utm_content": "utmcontent querystringutmcontent",
    }.items()
    for name in spellings.split()
}  # fmt: skip
