"""Words and header fields by which machines are known, in the languages that mail comes in.

Only signs stand here; what follows from which is decided in `bot.mail.machine`. All words are in
lower case with straight apostrophes: a subject begins with one, a text contains one.
"""

import re

BOUNCE_SUBJECTS = (
    "undeliver", "non-deliver", "nondeliver", "not deliver", "mail not deliver",
    "message not deliver", "message undeliver", "mail undeliver", "delivery status",
    "delivery fail", "delivery has failed", "delivery notification", "delivery report",
    "delivery error", "delivery problem", "delivery delay", "mail delivery", "e-mail delivery",
    "email delivery", "message delivery", "permanent delivery", "returned mail", "returned e",
    "returned to sender", "failure notice", "failure delivery", "failed mail", "failed delivery",
    "failed message", "mail fail", "mail error", "mail status", "mail system", "mail delay",
    "message delay", "message status", "message fail", "message error", "delayed mail",
    "warning: message", "warning: could not send", "error message", "error sending",
    "error delivering", "could not send", "could not deliver", "unable to deliver",
    "unable to send", "user unknown", "unknown user", "unknown recipient", "mailbox full",
    "mailbox unavailable", "message you sent", "message blocked", "message rejected",
    "mail rejected", "rejected", "bounce", "email bounce", "mail bounce", "sorry, your message",
    "your message could not", "your mail could not", "there was an error sending", "unzustellbar",
    "nicht zustellbar", "zustellfehler", "fehler bei der", "mail konnte nicht", "non remis",
    "échec de", "avis de non", "non délivr", "no se puede entregar", "no se ha podido",
    "no se pudo", "no entregad", "mensaje no", "correo devuelto", "error de entrega",
    "non recapit", "mancata consegna", "mancato recapito", "messaggio non",
    "impossibile recapitare", "falha na entrega", "não entreg", "onbestelbaar", "niet bezorgd",
    "niet afgeleverd", "kan inte lever", "olever", "kan ikke lever", "nie można dostarczyć",
    "niedoręcz", "nedoruč", "kézbesíthet", "teslim edile", "не доставлен", "не удалось",
    "недоставл", "невозможно доставить", "配信不能", "配信エラー", "送信できません", "送信エラー", "メール配信", "メールを配信",
    "メッセージを配信", "宛先不明", "退信", "系统退信", "无法投递", "無法投遞", "投递失败",
)  # fmt: skip
BOUNCE_PHRASES = (
    "not be delivered", "n't be delivered", "cannot be delivered", "not deliver", "n't deliver",
    "not been delivered", "undeliver", "unable to deliver", "delivery failed",
    "delivery has failed", "delivery of your message", "delivery to the following",
    "delivery attempt", "failed to deliver", "permanent error", "fatal error", "did not reach",
    "following address", "following recipient", "returned to you", "being returned",
    "returned to sender", "user unknown", "unknown user", "no such user", "unknown recipient",
    "user not found", "not listed in", "mailbox unavailable", "mailbox is full", "mailbox full",
    "over quota", "quota exceeded", "host unknown", "unknown host", "host not found",
    "has been delayed", "still being retried", "final-recipient:", "diagnostic", "transcript of",
    "original message follows", "returned message", "unzustellbar", "nicht zugestellt",
    "konnte nicht", "n'a pas pu", "non remis", "no se pudo", "no se ha podido",
    "non è stato possibile", "não pôde", "niet worden bezorgd", "не доставлено",
    "не удалось доставить", "できません", "无法投递", "无法送达",
)  # fmt: skip
DELAY = re.compile(r"delay|still being|warning|retr(y|ied)|verzögert|retard", re.IGNORECASE)

AWAY_SUBJECTS = (
    "out of office", "auto:", "out of the office", "out-of-office", "ooo:", "automatic reply:",
    "automatic response:", "automated reply", "automated response", "auto reply", "auto-reply",
    "autoreply", "auto response", "auto-response", "autoresponse", "autoresponder",
    "auto-responder", "vacation reply", "vacation message", "vacation response",
    "away from my mail", "abwesenheit", "automatische antwort", "réponse automatique",
    "reponse automatique", "message d'absence", "absence du bureau", "absent du bureau",
    "respuesta automática", "respuesta automatica", "fuera de la oficina", "fuera de oficina",
    "risposta automatica", "risposta non al computer", "fuori sede", "fuori ufficio",
    "resposta automática", "automatisch antwoord", "autosvar", "automatisk svar",
    "automatiskt svar", "frånvaro", "automaattinen vastaus", "automatyczna odpowied",
    "odpowiedź automatyczna", "autoodpowied", "automatická odpov", "automatikus válasz",
    "otomatik yan", "răspuns automat", "ateb awtomatig", "автоматический ответ", "автоответ",
    "αυτόματη απάντηση", "自動応答", "自動返信", "自动回复", "自動回覆", "자동 회신",
)  # fmt: skip
ANSWER_SUBJECTS = (
    "automatic reply", "automatic response", "automatic message", "automatic notification",
    "automatic e", "automated message", "automated e", "automated notification",
    "away from the office", "i am away", "i'm away", "on annual leave", "abwesend",
    "nicht im büro", "notification d'absence", "en congé", "ausente", "assente", "fora do escrit",
    "afwezig", "fravær", "poissa", "nieobecn", "不在", "부재", "thank you for contacting",
    "thanks for contacting", "thank you for your e", "thank you for your mess",
    "we have received your", "acknowledgement of receipt", "acknowledgement of your",
    "confirmation of receipt", "eingangsbestätigung", "accusé de réception", "read:",
    "read receipt", "return receipt", "not read:", "gelesen:", "lesebestätigung",
    "empfangsbestätigung", "lu :", "lu:", "accusé de lecture", "leído:", "letto:", "gelezen:",
    "läst:", "lest:", "przeczytano:", "прочтено:", "開封",
)  # fmt: skip
ANSWER_PHRASES = (
    "i am out of the office", "i'm out of the office", "currently out of the office",
    "be out of the office", "away from the office", "am on annual leave", "am on leave until",
    "am on maternity leave", "i am currently away", "i'm currently away", "limited access to my e",
    "limited access to e", "no access to my e", "no longer works for", "no longer works at",
    "ich bin bis", "ich bin derzeit nicht im", "ich bin zurzeit nicht im",
    "ich bin zur zeit nicht im", "nicht im büro", "nicht im hause", "je suis absent",
    "actuellement absent", "je suis en congé", "fuera de la oficina", "sono fuori ufficio",
    "sarò assente", "sono assente", "estou fora d", "ik ben afwezig", "momenteel afwezig",
    "jestem nieobecn", "в отпуске", "不在にして", "休暇中", "we have received your e",
    "we have received your me", "we have received your enq", "your message has been received",
    "your email has been received", "your e-mail has been received",
    "your request has been received", "your enquiry has been received",
    "thank you for contacting us",
)  # fmt: skip
ROBOT_PHRASES = (
    # Tell of the message itself: that a decision was automatic is what people write about here.
    *(
        f"this {thing} {way}"
        for thing in ("message", "email", "e-mail", "mail", "notification", "reply")
        for way in ("was automatically", "has been automatically", "is automatically", "was sent automatically", "was generated", "is generated")
    ),
    "this is an automated message", "this is an automated e", "this is an automated re",
    "this is an automated no", "this is an automatic message", "this is an automatic e",
    "this is an automatic re", "this is an automatic no", "this is an automatically generated",
    "this is an auto-", "do not reply to this", "don't reply to this", "do not respond to this e",
    "please do not reply directly", "replies to this e", "mailbox is not monitored",
    "address is not monitored", "inbox is not monitored", "click here to unsubscribe",
    "to unsubscribe, click", "to unsubscribe click", "you are receiving this because",
    "you are receiving this email because", "you received this email because",
    "you received this message because", "you get this newsletter", "you receive this newsletter",
    "you are receiving this newsletter", "you received this newsletter", "unsubscribe: http",
    "unsubscribe here: http", "mail wurde automatisch", "nachricht wurde automatisch",
    "mail wird automatisch", "nachricht wird automatisch", "automatisch generierte e-mail",
    "automatisch generierte nachricht", "automatisch erzeugte nachricht",
    "automatisch erstellte nachricht", "eine automatische antwort", "eine automatische nachricht",
    "antworten sie nicht auf", "antworten sie bitte nicht", "nicht auf diese e-mail",
    "nicht auf diese nachricht", "est un message automatique", "est une réponse automatique",
    "message a été généré", "mail a été généré", "message a été envoyé automatiquement",
    "mail a été envoyé automatiquement", "merci de ne pas répondre", "prière de ne pas répondre",
    "veuillez ne pas répondre", "pas répondre à ce", "es un mensaje automático",
    "es una respuesta automática", "mensaje ha sido generado", "correo ha sido generado",
    "no responda a est", "è un messaggio automatico", "è una risposta automatica",
    "messaggio generato automaticamente", "mail generata automaticamente",
    "non rispondere a quest", "é uma mensagem automática", "é uma resposta automática",
    "mensagem foi gerada", "não responda a est", "een automatisch bericht", "bericht is automatisch",
    "mail is automatisch", "niet op deze e-mail", "niet op dit bericht", "ett automatiskt meddelande",
    "svara inte på det", "en automatisk besked", "svar ikke på den",
    "została wygenerowana automatycznie", "został wygenerowany automatycznie",
    "prosimy nie odpowiadać", "proszę nie odpowiadać", "neodpovídejte",
    "сформировано автоматически", "не отвечайте на это", "自動送信", "自動返信", "自動配信", "送信専用", "自动发送",
    "自动回复", "自动发出", "请勿回复", "請勿回覆",
)  # fmt: skip

DAEMON = re.compile(r"mailer[-_. ]?daemon", re.IGNORECASE)
MAIL_SYSTEM = re.compile(
    r"\bpost[-_]?master|mail (deliver|system|admin|router|gateway|server)|delivery (sub)?system"
    r"|\bmdaemon\b|mail[-_]delivery|\bbounces?\b",
    re.IGNORECASE,
)
ROBOT = re.compile(
    r"(no|not|never|n't)[-_.]?(reply|respond|response)|(^|[-_.+])(postmaster|daemon|cron|mailer"
    r"|robot|listserv|majordomo|mailman|owner|bounces?|auto[-_.]?(reply|responder|confirm|mail)"
    r"|automated|alerts?|notif(y|ications?)|newsletters?|news|digest|dmarc)([-_.+=]|$)",
    re.IGNORECASE,
)
LIST_DOMAIN = re.compile(
    r"(lists?|listserv|newsletters?)\.|(yahoo|google)?groups\.(com|io)$", re.IGNORECASE
)
BULK_PATH = re.compile(
    r"\b(bounces?|bnc|errors?|owner|return)[-+=_]|[-+](bounces?|owner|errors|request)[@+=-]|<0[0-9a-f]{13,}-"
    r"|@([^@<>]*\.)?(bounces?|mcsv|mandrillapp|sparkpostmail|exacttarget)\.",
    re.IGNORECASE,
)
REPORT_SUBJECT = re.compile(
    r"\W*report[- ]domain:|(dmarc|tls) (aggregate |failure )?report|email feedback report",
    re.IGNORECASE,
)
AWAY_FIELDS = re.compile(
    r"x-(auto-?(reply|respond(er)?|response-from)|mail-autoreply|vacation|amazon-auto-reply)\b"
)
REPORT_FIELDS = re.compile(r"tls-report-(domain|submitter)|feedback-type")
SUPPRESSED = re.compile(r"all|oof|autoreply", re.IGNORECASE)
LIST_FIELDS = re.compile(
    r"list-(id|unsubscribe|post|help|subscribe|archive|owner)|(x-)?mailing-?list|x-beenthere"
    r"|x-mailman-version|x-ml(server|-name|-count)|x-list-?(id|name|server)?$|newsgroups"
)
ROBOT_FIELDS = re.compile(
    r"x-auto-?generated|x-(github|gitlab|jira|redmine|bugzilla|trac|launchpad"
    r"|facebook|linkedin|otrs|rt-(loop|originator|ticket)|cron|campaign|mailingid|mc-user|csa-complaints"
    r"|mailgun-tag|sg-eid|report-abuse)"
)
