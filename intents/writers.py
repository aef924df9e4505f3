"""Phrases that tell who writes, as data, in the notation of `intents.rules`.

They speak from the writer's side ("we act for"), since anybody may mention a regulator or a solicitor.
"""

from intents.reading import Facet

WRITERS: dict[Facet, str] = {
    Facet.AGENT: """
        i|we act for
        i|we act on behalf of
        am|are|were|is|been instructed|retained by|to|on|in
        acting|acts for|on behalf
        i|we represent
        i am representing
        our|my client
        our|my clients wish|ask|want|have|instruct|instructed
        my client's
        our client's
        on behalf of my|our|the client|clients|member|members|customer|customers|subscriber|user|users
        on his|her|their behalf
        writing on behalf of
        request on behalf of
        i|we write|ask|apply on behalf of
        on behalf of my mother|father|mum|dad|husband|wife|partner|sister|brother|aunt|uncle|neighbour|friend
        on behalf of the data subject
        letter|form of authority
        signed authority
        authorised agent|representative
        authorized agent
        power of attorney
        lasting power
        litigation friend
        executor of
        branch secretary
        i am the solicitor
        au nom de
        notre cliente|client
        im auftrag
        im namen
        mandantin|mandant
        ar ran
    """,
    Facet.PARENT: """
        my|our son's|daughter's|child's|children's|boy's|girl's data|file|files|record|records|account|name|surname|photo|photos|details|notes|report|school|nursery|medical|health|information|blood
        data|file|record|records|account|photo|photos|photographs|picture|details|notes|information of|about|on my|our son|daughter|child|children|toddler
        my|our son|daughter|child is|was|,|aged four|five|six|seven|eight|nine|ten|eleven|twelve|4|5|6|7|8|9|10|11|12|13|14|15|16
        my|our 3|4|5|6|7|8|9|10|11|12|13|14|15|16 year|-|yr
        my|our son|daughter|child|children attends|attended|goes|started|plays|uses|signed
        my little boy|girl
        i am|'m the|a| mother|father|mum|mam|dad|parent of
        parental responsibility
        as his|her|their parent|mum|dad|mother|father|guardian
        legal guardian
        foster carer
        mein|meine|meiner|meinen|meines sohn|sohnes|tochter|kind|kindes
        mon|ma fils|fille|enfant
        fy mab|merch|mhlentyn
    """,
    Facet.EMPLOYEE: """
        my personnel|hr|staff|employee|employment file|record|records|number
        my line manager
        my former|old|ex line|employer|manager
        my payroll number
        my payslip|payslips
        my appraisal|grievance|disciplinary|redundancy|dismissal
        my contract of employment
        former|ex employee
        i worked for|at you|your|the
        i used to work
        when i worked
        i left the company|firm|business
        my last day
        during my employment
        my employment ended|with
        i was made redundant
        i was dismissed
        i resigned
        settlement agreement
    """,
    Facet.COLLEAGUE: """
        customer|donor|patient|tenant|member|client|guest|parent|caller on the phone|line
        hi|hello|hey team|all , a customer|donor|patient|tenant|member|client|guest
        customer|donor|patient|tenant|member|client rang|phoned|called|wants|asked|says|asking
        lady|gentleman|chap|bloke rang|phoned|wants|asked|asking
        just had a call
        got a call
        someone|somebody|caller rang|phoned about|asking|wanting|to|and
        forwarding this
        passing this on
        passing it on
        one for you
        one for the privacy|dp|dpo|gdpr
        is this one yours|ours
        who deals|handles|covers
        came through to
        came in to reception
        at the front desk
        told her|him|them i'd
        is this ours|yours
        do we need to
    """,
    Facet.REGULATOR: """
        i am a case officer
        case officer at the
        i am writing from the information commissioner
        information commissioner's office has received
        ico case reference
        we have received a complaint about your|how
        we have received a data protection complaint
        complaint has been made to us|the
        section|s 146 146a
        information notice
        assessment notice
        enforcement notice
        our investigation into your|the
        lead case officer
        investigation officer
        our regulatory action policy
    """,
    Facet.POLICE_OR_COURT: """
        i am a police
        detective constable|sergeant|inspector
        police constable|staff
        schedule 2 part|paragraph
        schedule 2 of
        prevention or|and detection of crime
        the court|tribunal has ordered|directed
        by order of the court|tribunal
        upon reading the order
        production order
        witness summons
        pursuant to the order
        data protection gateway
    """,
    Facet.SUPPLIER: """
        as your processor
        as a processor
        as your data processor
        we process on your behalf
        data we process for you
        our sub processor|processors
        our sub-processor|sub-processors
        we are your supplier
        notify you as controller
        as controller you
        you as the controller
        under our data processing agreement
        article 33 2
        notice to our customers
        notification to customers
        affected customers
    """,
    Facet.PROCESSOR_CUSTOMER: """
        you are our processor
        you as our processor
        you act as our processor
        you process on our behalf
        you hold on our behalf
        our data processor
        in your role as processor
        in your capacity as processor
        we are the controller
        as the controller we
        as controller we
        one of our end| users|customers|employees has asked
    """,
    Facet.RESEARCHER: """
        security researcher|researchers
        i research security
        bug bounty
        responsible|coordinated disclosure
        responsibly disclose|disclosing|disclosed
        found|discovered|identified|reporting|report a vulnerability
        vulnerability report|disclosure
        vulnerability in|on your
        proof of concept
        security.txt
        white hat hacker|researcher
        ethical hacker|hackers
        penetration tester
    """,
    Facet.EXTORTION: """
        bitcoin
        btc
        monero
        pay a ransom
        ransom of
        we have your data|files|database|customer
        we have downloaded your
        we have copied your
        we will publish|leak|release
        will be published unless
        will be leaked
        our leak site
        transfer to this|the wallet
        wallet address
        recorded you
        your webcam
        bug bounty payment
    """,
    Facet.OWN_DATA: """
        my own data|details|information|address|bank|name|number
        my data|details|information|records|address|email|number|file|password|photo|letter|statement|passport|payslip|salary|results was|were|is|are|has|have|had
        my bank|personal|medical|contact|account|payroll|health|home|card data|details|information|records|address|number was|were|is|are|has|have|had
        sent|leaked|shared|gave|given|exposed|lost|published|disclosed|emailed|posted|forwarded|showed my data|details|information|records|address|email|number|file|password|photo|letter|statement|passport|payslip|salary|results
        sent|leaked|shared|gave|given|exposed|lost|published|disclosed|emailed|posted|forwarded|showed my bank|personal|medical|contact|account|payroll|health|home|card data|details|information|records|address|number
        got|received|has|have|opened|saw|read my letter|statement|details|records|results|payslip|file
        mine was|were|is|has|went|too
        mes|meine|fy données|daten|manylion
    """,
    Facet.CONSENT_WITHDRAWAL: """
        withdraw|withdrawing|withdrew|revoke|revoking my|our|any|all|her|his|their|that|the consent|permission|agreement
        withdraw|withdrawing|revoke|revoking consent
        withdrawal of consent
        withdrawal of my consent
        consent is withdrawn|revoked
        consent has been withdrawn
        no longer give|have my|our consent|permission|agreement
        take back my|the consent|permission
        taking back my|the consent|permission
        no longer consent
        don't consent any
        retire|retirer mon|son consentement
        je retire mon
        einwilligung widerrufe
        widerrufe meine|ich|hiermit
        tynnu fy nghaniatâd
    """,
}
