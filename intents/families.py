"""Word families: which words say nearly the same, so that what was learned of *erase* holds for *wipe*.

Data, with its look-up. `delet*` stands for every word that begins so, `get_rid` for two words side by side.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise

FAMILIES = {
    "delete": (
        "delet* eras* wipe* wiping purge* purging destroy* destruction shred* expunge* "
        "scrub* remov* forget forgotten obliterat* rid binned dispos* vanish* disappear* "
        "nuke* clear cleared get_rid take_down taken_down be_forgotten supprim* effac* "
        "oubli lösch* gelöscht vernicht* dileu* ddileu* gwared chuck scrap no_trace take_it "
        "take_off entfern* tilg* streich* vergess* retir* enlev* détrui* dilë* ddilë* "
        "tynnwch ddinistr* dinistr* gwaredu"
    ),
    "correct": (
        "correct* amend* rectif* fix fixed updat* chang* alter* replac* put_right "
        "set_straight korrig* berichtig* änder* corrig* modifi* cywir* gywir* newid "
        "diweddar* changed tidy richtig* ergänz* stimmt arranger mettre_à trwsi* drwsi*"
    ),
    "wrong": (
        "wrong* incorrect* inaccura* mistake* error* misspel* outdated typo* false untrue "
        "of_date mixed_up instead falsch* fehler* erreur* erroné* anghywir* gwall misheard "
        "swapped muddled should_be is_not isn't wasn't camgymeriad"
    ),
    "identity": (
        "name surname forename address birth dob married maiden postcode phone mobile "
        "middle initial* pronoun* title spelt spelled spelling moved nom prénom adresse "
        "naissance anschrift geburt* enw gyfeiriad cyfeiriad"
    ),
    "freeze": (
        "restrict* freez* froze* paus* suspend* preserv* lock* quarantin* ringfence* "
        "untouched frozen on_hold einschränk* limitation geler cyfyng* rhewi leave_it as_is "
        "sit_on hands_off pending on_ice park parked sperr* gesperrt aufbewahr* einfrieren "
        "bloqu* gelé rhew* cadwch gadewch"
    ),
    "keep": (
        "keep* kept retain* retention store* stored storing stores hold holds held holding "
        "gespeichert conserv* cadw gadw"
    ),
    "until": (
        "until till pending while meantime meanwhile during dispute* tribunal hearing court "
        "litigation proceedings bis jusqu'à nes"
    ),
    "copy": (
        "copy copies sar sars dsar dsars subject_access access_request disclos* furnish* "
        "transcript* everything kopie* copie* auskunft* accès gopi copi copïau bundle "
        "the_lot whole_lot full_set let_me hand_over print_out printout auszug unterlagen "
        "akte exemplaire communiquer dossier popeth gopïau"
    ),
    "see": "see view show access* obtain inspect look einsicht consulter gweld",
    "source": "where_did got_my get_my origin source obtained provenance bought woher",
    "port": (
        "csv json xml xls machine_readable readable portab* transfer* export* download* "
        "spreadsheet* format* migrat* structured datei* übertrag* transfér* trosglwyddo gpx "
        "zip file_format take_with bring_with move_to datei mitnehm* maschinenlesbar "
        "fichier lisible portabilité ffeil fformat symud"
    ),
    "provider": (
        "provider* supplier* competitor* switch* switching leaving moving join* elsewhere "
        "anbieter fournisseur"
    ),
    "object": (
        "object objects objecting objection oppos* opt opting opted opt_out stop stops "
        "cease halt widersprech* widerspruch oppose* gwrthwyneb* stopio arrêt* keep_out "
        "leave_out exclude* without_my peidiwch"
    ),
    "consent": (
        "consent* permission agree agreed withdraw* withdrew revok* einwilligung widerruf* "
        "consentement retir* caniatâd tynnu"
    ),
    "profil": (
        "profil* analytic* track* train trained training* ai target* personalis* segment* "
        "sell sold selling research* cookies fingerprint* statistic*"
    ),
    "share": "share* sharing shared third_part* partner* pass passed passing broker* affiliate*",
    "use": (
        "use used using process* purposes purpose nutzen verarbeit* utilis* traite* "
        "defnyddio prosesu"
    ),
    "market": (
        "marketing newsletter* promo* offers mailing* catalogue* flyer* leaflet* advert* "
        "sms spam* unsubscrib* unsub mailshot* brochure* voucher* campaign* deals appeals "
        "junk off_list mailing_list take_me werbung* werbe* abmeld* publicit* désabonn* "
        "désinscri* marchnata bargain* cold_call* cold_calling sales_calls robocall* "
        "verteiler prospekt* prospection démarchage infolettre hysbyseb* gylchlythyr "
        "cylchlythyr katalog* catalog"
    ),
    "contact": (
        "email* emails texts text texting texted call calls calling ring ringing rang "
        "phone* letter* post posting messages bombard* pester* list lists"
    ),
    "auto": (
        "automat* algorithm* computer* machine* software robot* bot score scores scoring "
        "scored model system ai artificial automatisi* automatisé* awtomatig tool threshold "
        "rating flagged ki maschin* punktzahl algorithmus algorithme ordinateur peiriant "
        "beiriant cyfrifiadur sgôr"
    ),
    "human": (
        "human* person somebody someone pulse mensch* humain* flesh real_person dynol "
        "by_hand manually re-mark jemand persönlich quelqu'un personne rhywun"
    ),
    "decide": (
        "decision* decid* declin* reject* turned_down approved outcome verdict refusal "
        "refused denied entscheid* abgelehnt décision* refus* penderfyn* ablehn* rejet* "
        "décid* gwrthod* benderfyn*"
    ),
    "complain": (
        "complain* ico commissioner ombudsman regulator disgust* unaccept* appal* outrag* "
        "furious ignored disgrace* cnil aufsichtsbehörde beschwer* plainte* réclamation* "
        "cwyn* gwyno gŵyn"
    ),
    "late": (
        "overdue late deadline* chas* reminder* waiting waited month months weeks days "
        "still yet silence nothing calendar_month no_reply no_response mois monat* mis "
        "frist warte* délai relanc* semaine* wythnos* hwyr aros"
    ),
    "review": (
        "review* reconsider* appeal revisit* redact* withh* exempt* blacked disagree* "
        "satisfied unsatisf* challeng* look_again think_again second_look überprüf* réexam* "
        "adolyg* ailystyried nochmal noch_einmal geschwärzt revoir caviard* ail-edrych "
        "ailedrych"
    ),
    "answer": "reply replied response responded answer* letter refusal decision your_reply",
    "law": (
        "gdpr dpa article articles art ukgdpr uk_gdpr statut* act legal dsgvo rgpd right "
        "rights section statutory entitle* recht droit* hawl*"
    ),
    "policy": (
        "policy policies privacy_notice statement officer dpo retention basis lawful "
        "guidance dpia ropa schedule template allowed supposed datenschutzbeauftragt* "
        "délégué swyddog polisi"
    ),
    "howlong": (
        "how_long how_do how_many what_happens do_you do_we are_we can_we should_we is_it "
        "am_i wie_lange combien pa_mor just_wondering just_asking as_a in_general generally"
    ),
    "breach": (
        "breach* leak* hack* stolen stole theft lost phish* expos* misdirect* ransom* "
        "unauthor* bcc cc laptop usb compromis* incident* wrong_person wrong_address "
        "wrong_recipient someone_else's somebody_else's meant_for addressed_to panne "
        "datenpanne violation accidentally by_mistake by_accident in_error versehentlich "
        "fremd* fuite perdu volé ddamwain anfonwyd"
    ),
    "sent": (
        "sent send sending received receive got attached forwarded emailed posted opened envelope"
    ),
    "ask": (
        "please want wants wanted like request* ask asks asking asked require* need* kindly "
        "demand* wish* pls plz can_you could_you would_you bitte möchte hoffwn voudrais "
        "veuillez souhaite demande wünsch* verlang* forder* merci_de pouvez wnewch fedrwch "
        "allwch plis let_me"
    ),
    "query": (
        "wonder* question* curious clarif* explain* how what who where whether why which "
        "query wie warum wer welche combien comment pourquoi quelle sut pam pwy faint beth"
    ),
    "data": (
        "data information info detail* record* file files account* profile photo* picture* "
        "recording* cctv footage notes history logs daten données data* akte unterlagen "
        "konto compte fichier cyfrif lluniau manylion cofnod* ddata gofnod*"
    ),
    "me": ("my me mine i myself i'm i'd i've meine mir mich mes mon moi fy mi dwi ich je j'ai fi"),
    "you": "you your yours you've vous votre ihr sie eich chi",
    "they": (
        "she he her his him they their them client* customer* member* donor* patient* "
        "tenant* caller* gentleman lady chap bloke"
    ),
    "not": (
        "not never no don't didn't doesn't won't isn't wasn't cannot can't wouldn't without "
        "nor nicht kein* pas ne ddim nid keine ohne nie jamais aucun* sans peidiwch heb dim "
        "nothing"
    ),
    "sale": (
        "invoice* order* refund* deliver* cancel* subscription* bill bills billing pric* "
        "demo webinar* vacanc* cv appl* quote* discount* contract* renewal platform "
        "solution* trial purchase* payment* pay card booking* warranty repair* broken login "
        "password* reset meeting* agenda minutes conference certification* product* "
        "feature* service* rechnung* facture* anfoneb kündig* bestell* résili* commande* "
        "archeb* canslo biliau"
    ),
    "foi": "foi freedom foia publication",
    "thanks": "thank thanks cheers resolved sorted appreciate* closed danke merci diolch",
    "away": "office leave return annual away automatic* abwesen* absen*",
    "child": (
        "child child's children son son's daughter daughter's mother mum dad father pupil* "
        "parental carer guardian deceased"
    ),
    "q": "?",
}

REMEMBERED = 10_000  # words whose families are kept looked up


def _sorted_out() -> tuple[dict[str, set[str]], list[tuple[str, str]]]:
    whole: dict[str, set[str]] = {}
    beginnings: list[tuple[str, str]] = []
    for family, words in FAMILIES.items():
        for word in words.split():
            if word.endswith("*"):
                beginnings.append((word.removesuffix("*"), family))
            else:
                whole.setdefault(word.replace("_", " "), set()).add(family)
    return whole, beginnings


_WHOLE, _BEGINNINGS = _sorted_out()
_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=REMEMBERED)
def families_of(form: str) -> frozenset[str]:
    begun = {family for beginning, family in _BEGINNINGS if form.startswith(beginning)}
    return frozenset(begun | _WHOLE.get(form, _NONE))


def family_features(sentence: Sequence[str]) -> list[str]:
    """Name the families that a sentence draws on, and each two that stand together in it."""
    found: set[str] = set()
    for form in sentence:
        found |= families_of(form)
    for first, second in pairwise(sentence):
        found |= _WHOLE.get(f"{first} {second}", _NONE)
    names = sorted(found)
    return [f"§{name}" for name in names] + [f"§{a}+{b}" for a, b in combinations(names, 2)]
