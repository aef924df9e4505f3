"""Phrases that tell what else a person should know of a message, as data, in the notation of `intents.rules`.

Each says the thing from the writer's mouth and whole, so that a denial ("this is not urgent") or a
mention ("our suicide prevention week") breaks it.
"""

from intents.reading import Facet

HINTS: dict[Facet, str] = {
    Facet.REPLY_IDENTITY: """
        attach|attached|enclose|enclosed a|the copy|scan|photo of my passport|licence|id|driving|birth|council|utility|identity
        attach|attached|attaching|enclose|enclosed|enclosing my passport|licence|id|driving|utility|identity
        am|'m sending you| my passport|licence|id|driving|utility
        attached|enclosed is|are|please my|find|a|the| passport|licence|id|identity
        attach|attached|enclose|enclosed|here|sending is|a| my| proof of identity|id|address
        attached|enclosed is|are a|the copy|scan|photo|picture of my passport|id|driving|licence
        here is|are a|the| copy|scan|photo| of| my passport|id|driving|utility|licence
        my passport|licence|id is|are attached|enclosed
        proof of identity|id|address is| attached|enclosed|below
        identity|id documents|document|proof as requested
        the id you asked|wanted
        enough|should|attached to| prove|confirm|verify who i am
        im anhang mein|meine ausweis|personalausweis|ausweiskopie
        ci-joint une| copie| de| ma pièce|carte
    """,
    Facet.REPLY_THANKS: """
        thanks|thank|cheers you| for sorting|clearing|confirming|explaining|replying|answering|deleting|removing
        thanks|thank|cheers you| for your|the|that|being help|helpful|so|quick|prompt|swift|reply|response|answer|update|confirmation
        thanks|thank|cheers you| for sending|getting it|this|that|back|everything|them
        that's|that|this is| all|everything|exactly i|what needed|wanted|i
        answers|answered all| my question|questions
        all sorted|settled now|thanks|thank
        much|very appreciated|grateful
        received with|safely thanks|thank
        got it ,| thanks|thank|cheers
        vielen|besten|herzlichen| dank für
        merci pour|de votre
        diolch am eich|yr|y
    """,
    Facet.REPLY_CHASER: """
        any update|updates|news|progress on|about|regarding|with my|the|this
        still|been|am|are waiting for|on your|a|the|my|any| reply|response|answer|data|file|information|sar|copy
        still|been waiting to hear
        not|t|never|havent|still had|received|heard|got a|any|anything|back reply|response|answer|acknowledgement|from|since
        nothing heard|received since|from|back|yet
        heard|received nothing since|from|back|yet
        no|without a| reply|response|answer|acknowledgement to|since my|i|it
        following|follow|chasing up on|with| my|the|this request|email|letter|sar|message|below
        chasing|chase my|this|the|a|up request|sar|email|message|reply|response|letter|my
        when will|can|may i|you hear|get|receive|expect|respond|reply
        this is|'s a|my second|third|fourth|final|another|gentle|friendly|polite| reminder
        where is|are my data|file|copy|reply|response|information|sar
        what has|is happened|happening to|with my request|sar|email|letter
        ich| warte noch|immer auf
        toujours pas reçu
        toujours sans réponse
        yn dal i aros
    """,
    Facet.REPLY_WITHDRAWAL: """
        withdraw|withdrawing|cancel|retract|drop my|this|the subject| access|erasure|deletion|original|earlier| request|sar|complaint|objection
        please ignore|disregard|forget my|the last|previous|earlier| request|email|message
        no longer need|want|require the|my|this|any|you data|copy|information|request|file|to
        no longer wish|want to pursue|proceed|continue|go
        don't wish|want to pursue|proceed|continue
        you can|may close my|the|this request|case|file|sar
        please close my|the|this request|case|sar
        changed my mind about my|the|this deletion|erasure|access|sar|request
        changed my mind about deleting|wanting
        don't bother with my|the request|sar|data|deletion
        i'd|i would| rather leave|drop it|this
        ziehe meinen|meine antrag|anfrage|beschwerde|auskunftsersuchen
        je retire ma demande
        dwi|rwy'n tynnu fy nghais
    """,
    Facet.ADJUSTMENTS: """
        me|it|letter|reply|answer|copy|everything|this|them|letters|response|write|using in large|larger|big|bigger print|type|font|letters
        need|want|prefer|require|like a|in| large|larger|big|bigger print|type|font
        me|it|letter|reply|answer|everything|them|letters|need|want|prefer|version in| braille
        me|it|letter|reply|answer|everything|them|letters|need|want|prefer|write|version in|an| easy|easier read|english|words
        in|on|as an|a| audio|accessible cd|file|version|format|recording
        bsl|sign language| interpreter|signer|translator for me|please|at|to|on
        need|want|require|provide|arrange|through a|an|my bsl|sign|language| language| interpreter|signer|translator
        bsl is my
        i sign|use bsl|british
        reasonable adjustment|adjustments for|under|to|because|please|as|,|.|:
        make|need|request|requesting|asking|ask a|for|me| reasonable adjustment|adjustments
        on yellow|cream|coloured|pastel|green paper
        i use|with|using a|my| screen reader|magnifier
        i|i'm am| deaf|blind|dyslexic|deafblind|partially|visually
        i|i'm am| hard of hearing
        i|and can't|cannot read|see small|letters|print|handwriting|screens|ordinary|normal
        i was born deaf|blind
        registered blind and|,|.|so
        ring|call|phone|telephone me because|as|since|, i can't|cannot|struggle
        relay|type|text uk|talk|relay number|please|to|with
        in großdruck|brailleschrift|leichter sprache| bitte|,|.
        en gros caractères
        mewn print bras
    """,
    Facet.VULNERABLE: """
        i|she|he|who have|has|suffer|suffers|'ve from| dementia|alzheimer's|epilepsy|schizophrenia|ptsd|depression|bipolar
        i|she|he|who have|has a|an learning|brain|mental disability|difficulty|difficulties|injury|health
        i|she|he|who have|has severe|bad memory|anxiety|depression
        i have memory loss|problems
        i|who suffer|suffers from severe| anxiety|panic|depression|ptsd
        i|who|she|he am|'m|is vulnerable|autistic|homeless|housebound|bereaved|terminally .|,|and|ill|so|at|person|since|with
        i am a vulnerable|care adult|leaver|person|customer
        i|i'm am| in|currently in| a|the refuge|hospice|hostel
        i|i'm am| in hospital
        my carer|keyworker|caseworker is helping|writing|typing
        my carer|keyworker helps|typed|reads|wrote|has
        my support|social worker helps|typed|reads|is helping|me|this|my
        fled|fleeing|escaped|escaping|left an|a|my|from| abusive|violent|domestic
        am a| domestic abuse|violence survivor|victim
        i|we cannot|can't cope
        struggling|struggle to cope|manage
        get very| confused|muddled by|with|and|when
        i|i'm am| 12|13|14|15 years|and|,|.
        recently lost my husband|wife|son|daughter|mum|dad|partner
        my husband|wife|partner|son|daughter|mum|dad has| died|passed last|this|on|in|away|suddenly
        ich habe demenz
        ich bin pflegebedürftig
        je suis sous tutelle|curatelle
    """,
    Facet.LIFE_AT_RISK: """
        kill|killing|hurting|harm|harming myself
        to kill|hurt|harm himself|herself|themselves
        going|threatening|threatened|threatens|threat|wants|planning to kill|hurt|harm|shoot|stab|murder me|us|her|him|my|them
        will|'ll|would|gonna|could|might kill|murder me|us|her
        end|ending|take|taking my own| life
        going|want|wants|ready|need to end it all
        i|she|he just| want|wants to die
        i|i'm am|feel|was| feeling| suicidal
        he|she is|feels suicidal
        am|m actively| suicidal
        having|have|has|these|my suicidal thoughts|feelings
        don't|do|doesn't not| want|wish to live|wake up|with|like|any|anymore|.|,
        don't|do not| want|wish to be alive|here any|anymore
        can't|cannot go on like|living|any|with
        have no reason|will to live
        nothing left to live
        better off dead|without me|.|,|and
        death threats|threat against|to|from|because|and|since my|me|us|him|his|a|people|i|then
        my|our|her life|lives is|are in|at danger|risk
        risk|danger|threat to my|our|her|his life|lives
        fear|fearing|scared|afraid for my|our|her life|lives|safety
        put|puts|putting my|our|her life|lives in|at danger|risk
        took|taken|take an overdose
        self harming|harmed
        cutting myself again|.|,|and|most
        will|werde|möchte mich umbringen
        umbringen will|werde|wird|möchte
        mich|mir umbringen|das leben
        will ich| nicht mehr leben
        me suicider
        envie de mourir
        peur pour ma vie
        lladd fy hun
        ddim eisiau byw
    """,
    Facet.URGENT: """
        this|it|matter|request is|'s urgent .|!|,|and|because|as|for|please|:|-
        this|it|matter|request is|'s very|extremely|really|so|most|now urgent
        is|'s very|extremely|really|most|now urgent
        treat|regard|mark|flag|handle this|it|my as very| urgent
        treat|regard|mark|flag|handle my request|email|sar as urgent
        i|we need|require this|it|them|an|my|a answer|reply|file|data| urgently|today|tonight
        i|we urgently need|require|ask
        as a matter of great|some|the|utmost| urgency
        with the utmost urgency
        urgent :|-|!|, please|i|data|my|sar|request|subject|delete|need|help|answer|personal
        urgent request|help|attention|reply|response|action|answer|please for|needed|required|please|,|!|:|-|.
        need|reply|respond|answer|this|back|it asap
        asap please|!|.
        please hurry
        this|it|request|is time critical|sensitive
        by the end of today|play
        by close|end of play|business today
        before the end of today
        my hearing|flight|operation|trial|interview is tomorrow|today
        es ist sehr| dringend
        bitte dringend
        c'est très| urgent
        de toute urgence
        brys iawn
        mae'n fater brys
    """,
    Facet.LEGAL_THREAT: """
        letter before claim|action|proceedings
        pre action protocol|letter
        pre-action protocol|letter
        see you in court
        take|taking|drag you|this|it|them|the company|matter| to court
        will|shall|'ll issue|commence|start|bring legal|court|county court| proceedings|action|claim
        issue|commence|begin|issuing|commencing legal|court|county court| proceedings
        issue|issuing|commence|commencing proceedings against|without|in|for|if|.|,
        i|we will|shall|'ll|may|be|have|but to| take|seek|consider legal action|advice
        am|are|'m|be|was taking|seeking|considering legal action|advice
        i|we|will|shall|to|have instruct|instructed|consult|consulted|involve my|a|our solicitor|solicitors|lawyer|lawyers
        am|are|be instructing|consulting my|a|our solicitor|solicitors|lawyer|lawyers
        my|our solicitor|lawyer|barrister|solicitors|lawyers will|shall be| write|writing|hear|act|take|contact|in
        hear|hearing from my|our solicitor|solicitors|lawyer|lawyers
        will|shall|'ll|must report|refer|complain|escalate|go you|this|it|straight| to the| ico
        will|shall|'ll|must report|refer|complain|escalate|go you|this|it|straight| to the| information commissioner
        going|forced|obliged|have to report|complain|escalate you|this|it| to the| ico|information
        am|'m|are reporting|referring|complaining|escalating|going|taking you|this|it|straight| to the| ico|information
        have|'ve reported|complained|referred you|this|it| to the| ico|information
        i|i'll|will|shall lodge|lodging|file|raise|make a complaint with|to the ico|information
        lodged|filed|made a complaint with|to the ico|information
        the ico will|shall be hearing|told|informed
        claim|claiming|seek|seeking|demand|sue|suing damages|compensation|for|you for|under|,|.|from|in|over
        i|we|i'll|will|'ll claim|seek|sue|pursue for| damages|compensation
        i|we|i'll|will|'ll sue you
        in|to|a|the|through small claims court
        rechtliche schritte einleiten|prüfen|gegen
        meinen anwalt einschalten|beauftragen
        werde ich| klage
        je| saisirai la|le cnil|tribunal
        mise en demeure
    """,
}
