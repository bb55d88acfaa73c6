<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name></name>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>No plate</source>
        <translation>Ohne Hintergrund</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>Eine Zeile</translation>
    </message>
    <message>
        <source>Big, for slides</source>
        <translation>Groß, für Folien</translation>
    </message>
    <message>
        <source>Gauges</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>GPU-Speicher</translation>
    </message>
    <message>
        <source>Age of last line</source>
        <translation>Alter der letzten Zeile</translation>
    </message>
    <message>
        <source>picture to text</source>
        <translation>vom Bild zum Text</translation>
    </message>
    <message>
        <source>{pictures} picture, {words} words</source>
        <translation>{pictures} Bild, {words} Worte</translation>
    </message>
    <message>
        <source>this window</source>
        <translation>dieses Fenster</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Rechenzeit</translation>
    </message>
    <message>
        <source>Captured, fps</source>
        <translation>Aufgenommen, fps</translation>
    </message>
    <message>
        <source>{skipped} skipped, {missed} missed</source>
        <translation>{skipped} übergangen, {missed} verpasst</translation>
    </message>
    <message>
        <source>To the model, fps</source>
        <translation>Ans Modell, fps</translation>
    </message>
    <message>
        <source>per round</source>
        <translation>je Runde</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Tokens/s</translation>
    </message>
    <message>
        <source>{count} words so far</source>
        <translation>{count} Wörter bisher</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>{age} old</source>
        <translation>{age} alt</translation>
    </message>
    <message>
        <source>{compute} of {budget}</source>
        <translation>{compute} von {budget}</translation>
    </message>
    <message>
        <source>{rate} fps</source>
        <translation>{rate} Bilder/s</translation>
    </message>
    <message>
        <source>{count} dropped</source>
        <translation>{count} ausgelassen</translation>
    </message>
    <message>
        <source>{size} memory</source>
        <translation>{size} Speicher</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>{late} late, {cut} cut, {hidden} hidden</source>
        <translation>{late} zu spät, {cut} unvollständig, {hidden} verborgen</translation>
    </message>
    <message>
        <source>First word</source>
        <translation>Erstes Wort</translation>
    </message>
    <message>
        <source>after the last picture</source>
        <translation>nach dem letzten Bild</translation>
    </message>
    <message>
        <source>of {budget}</source>
        <translation>von {budget}</translation>
    </message>
    <message>
        <source>at most {bound}</source>
        <translation>höchstens {bound}</translation>
    </message>
    <message>
        <source>reduced to its limit</source>
        <translation>auf die Grenze verringert</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>noch nichts</translation>
    </message>
    <message>
        <source>engine {size}</source>
        <translation>Engine {size}</translation>
    </message>
    <message>
        <source>{share} busy</source>
        <translation>{share} ausgelastet</translation>
    </message>
    <message>
        <source>{used} of {total}</source>
        <translation>{used} von {total}</translation>
    </message>
    <message>
        <source>GPU, all programs</source>
        <translation>GPU, alle Progr.</translation>
    </message>
    <message>
        <source>Everything is cleared; Resume brings it back</source>
        <translation>Alles ist gelöscht; Fortsetzen bringt es zurück</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Markiert</translation>
    </message>
    <message>
        <source>{value}: from the next start on, or by Switch</source>
        <translation>{value}: ab dem nächsten Start, oder mit Wechseln</translation>
    </message>
    <message>
        <source>This is how what is said will look</source>
        <translation>So wird aussehen, was gesagt wird</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Untertitel</translation>
    </message>
    <message>
        <source>Drag to move, pull an edge to resize</source>
        <translation>Zum Verschieben ziehen, am Rand die Größe ändern</translation>
    </message>
    <message>
        <source>rest; what is remembered stays</source>
        <translation>ruhen; das Erinnerte bleibt</translation>
    </message>
    <message>
        <source>go on after a pause or a panic</source>
        <translation>nach einer Pause oder Panik weitermachen</translation>
    </message>
    <message>
        <source>pause, or resume</source>
        <translation>anhalten oder fortsetzen</translation>
    </message>
    <message>
        <source>show the captions on the screen</source>
        <translation>die Untertitel auf dem Bildschirm zeigen</translation>
    </message>
    <message>
        <source>hide the captions on the screen</source>
        <translation>die Untertitel auf dem Bildschirm verbergen</translation>
    </message>
    <message>
        <source>show the captions, or hide them</source>
        <translation>die Untertitel zeigen oder verbergen</translation>
    </message>
    <message>
        <source>clear every output at once, hide the captions and pause</source>
        <translation>alle Ausgaben sofort löschen, die Untertitel verbergen und anhalten</translation>
    </message>
    <message>
        <source>mark this moment in the recording</source>
        <translation>diesen Augenblick in der Aufzeichnung markieren</translation>
    </message>
    <message>
        <source>go elsewhere in a film: to a moment, or so much on or back</source>
        <translation>in einem Film anderswohin gehen: zu einem Zeitpunkt, oder so viel vor oder zurück</translation>
    </message>
    <message>
        <source>10 s back in a film</source>
        <translation>in einem Film 10 s zurück</translation>
    </message>
    <message>
        <source>10 s on in a film</source>
        <translation>in einem Film 10 s vor</translation>
    </message>
    <message>
        <source>a question about what is on the screen</source>
        <translation>eine Frage zu dem, was zu sehen ist</translation>
    </message>
    <message>
        <source>let another persona speak</source>
        <translation>eine andere Persona sprechen lassen</translation>
    </message>
    <message>
        <source>spoken commentary</source>
        <translation>gesprochener Kommentar</translation>
    </message>
    <message>
        <source>a spoken question begins, or ends</source>
        <translation>eine gesprochene Frage beginnt oder endet</translation>
    </message>
    <message>
        <source>bring the window to the front</source>
        <translation>das Fenster nach vorn holen</translation>
    </message>
    <message>
        <source>what it is doing</source>
        <translation>was es gerade tut</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Toggle pause</source>
        <translation>Pause umschalten</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Toggle captions</source>
        <translation>Untertitel umschalten</translation>
    </message>
    <message>
        <source>Panic</source>
        <translation>Panik</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>Markieren</translation>
    </message>
    <message>
        <source>Say on</source>
        <translation>Sprechen an</translation>
    </message>
    <message>
        <source>Say off</source>
        <translation>Sprechen aus</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>light</source>
        <translation>hell</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>dunkel</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>normal</translation>
    </message>
    <message>
        <source>high</source>
        <translation>hoch</translation>
    </message>
    <message>
        <source>full</source>
        <translation>voll</translation>
    </message>
    <message>
        <source>reduced</source>
        <translation>verringert</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>centre</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>en</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>de</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Captions on the screen</source>
        <translation>Untertitel auf dem Bildschirm</translation>
    </message>
    <message>
        <source>Keys in other programs</source>
        <translation>Tasten in anderen Programmen</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>Schrift</translation>
    </message>
    <message>
        <source>family; empty: the one of the windows</source>
        <translation>Schriftfamilie; leer: die der Fenster</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>height of the letters; 0: as large as the band allows</source>
        <translation>Höhe der Buchstaben; 0: so groß, wie das Band es erlaubt</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>colour of the letters</source>
        <translation>Farbe der Buchstaben</translation>
    </message>
    <message>
        <source>Outline colour</source>
        <translation>Farbe des Umrisses</translation>
    </message>
    <message>
        <source>colour of the letters&apos; outline</source>
        <translation>Farbe des Umrisses der Buchstaben</translation>
    </message>
    <message>
        <source>Plate</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>colour of what lies below the letters</source>
        <translation>Farbe dessen, was unter den Buchstaben liegt</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>of the plate</source>
        <translation>des Hintergrunds</translation>
    </message>
    <message>
        <source>share, 0 to 1</source>
        <translation>Anteil, 0 bis 1</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>width of the outline</source>
        <translation>Breite des Umrisses</translation>
    </message>
    <message>
        <source>share of the size</source>
        <translation>Anteil der Größe</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>how many may stand there at once</source>
        <translation>wie viele zugleich dort stehen dürfen</translation>
    </message>
    <message>
        <source>lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Stays</source>
        <translation>Bleibt</translation>
    </message>
    <message>
        <source>for how long each line stays at least</source>
        <translation>wie lange jede Zeile mindestens bleibt</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>Alignment</source>
        <translation>Ausrichtung</translation>
    </message>
    <message>
        <source>left, centre or right</source>
        <translation>links, Mitte oder rechts</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>whether sessions have what was watched as video</source>
        <translation>ob Sitzungen das Gesehene als Video enthalten</translation>
    </message>
    <message>
        <source>Videos kept</source>
        <translation>Videos behalten</translation>
    </message>
    <message>
        <source>older ones are deleted at a start; 0: none is</source>
        <translation>ältere werden beim Start gelöscht; 0: keines</translation>
    </message>
    <message>
        <source>days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>Room for videos</source>
        <translation>Platz für Videos</translation>
    </message>
    <message>
        <source>the oldest of more than that are deleted at a start; 0: none is</source>
        <translation>die ältesten darüber hinaus werden beim Start gelöscht; 0: keines</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>GB</translation>
    </message>
    <message>
        <source>Sound of videos</source>
        <translation>Ton der Videos</translation>
    </message>
    <message>
        <source>where the source has none: desktop, microphone, or nothing</source>
        <translation>wo die Quelle keinen hat: desktop, microphone oder nichts</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>the file that OBS or another program reads</source>
        <translation>die Datei, die OBS oder ein anderes Programm liest</translation>
    </message>
    <message>
        <source>Text file</source>
        <translation>Textdatei</translation>
    </message>
    <message>
        <source>whether it is written</source>
        <translation>ob sie geschrieben wird</translation>
    </message>
    <message>
        <source>how many of the last lines it has</source>
        <translation>wie viele der letzten Zeilen sie enthält</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>whether its lines stay when the stream ends</source>
        <translation>ob ihre Zeilen am Ende des Streams bleiben</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>where it listens; 0: any that is free</source>
        <translation>wo sie lauscht; 0: ein beliebiger freier</translation>
    </message>
    <message>
        <source>Overlay page</source>
        <translation>Overlay-Seite</translation>
    </message>
    <message>
        <source>whether it is served</source>
        <translation>ob sie angeboten wird</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>ws://:PASSWORD@HOST:PORT/SCENE; empty: OBS on this machine, by its own settings</source>
        <translation>ws://:PASSWORT@RECHNER:PORT/SZENE; leer: OBS auf diesem Rechner, nach dessen eigenen Einstellungen</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
    <message>
        <source>in which it is shown; empty: the one in the address, or else the one on air</source>
        <translation>in der es gezeigt wird; leer: die in der Adresse, sonst die auf Sendung</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>Zeigt</translation>
    </message>
    <message>
        <source>the last lines as text, or the overlay page (page)</source>
        <translation>die letzten Zeilen als Text (text) oder die Overlay-Seite (page)</translation>
    </message>
    <message>
        <source>OBS</source>
        <translation>OBS</translation>
    </message>
    <message>
        <source>whether OBS is given what is said</source>
        <translation>ob OBS bekommt, was gesagt wird</translation>
    </message>
    <message>
        <source>how many of the last lines are shown</source>
        <translation>wie viele der letzten Zeilen gezeigt werden</translation>
    </message>
    <message>
        <source>Stream captions</source>
        <translation>Untertitel im Stream</translation>
    </message>
    <message>
        <source>whether lines go out with OBS&apos;s stream as captions, too</source>
        <translation>ob Zeilen auch als Untertitel mit dem Stream von OBS hinausgehen</translation>
    </message>
    <message>
        <source>Chapters</source>
        <translation>Kapitel</translation>
    </message>
    <message>
        <source>whether a big moment becomes a chapter of OBS&apos;s recording</source>
        <translation>ob ein großer Moment ein Kapitel der Aufnahme von OBS wird</translation>
    </message>
    <message>
        <source>Big words</source>
        <translation>Große Wörter</translation>
    </message>
    <message>
        <source>words and phrases that make a line a big moment, besides the persona&apos;s own</source>
        <translation>Wörter und Wendungen, die eine Zeile zu einem großen Moment machen, neben denen der Persona</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Marken</translation>
    </message>
    <message>
        <source>whether a session is marked when OBS begins, pauses or ends a recording or a stream</source>
        <translation>ob eine Sitzung markiert wird, wenn OBS eine Aufnahme oder einen Stream beginnt, anhält oder beendet</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>a Twitch channel, or ircs://HOST[:PORT]/CHANNEL; it is read, and nothing is posted</source>
        <translation>ein Twitch-Kanal oder ircs://HOST[:PORT]/KANAL; er wird gelesen, und nichts wird geschrieben</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Chat</translation>
    </message>
    <message>
        <source>whether it is read</source>
        <translation>ob er gelesen wird</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>what stands in front of a question</source>
        <translation>was vor einer Frage steht</translation>
    </message>
    <message>
        <source>who may be asked as @name instead; empty: nobody</source>
        <translation>wer stattdessen als @Name gefragt werden kann; leer: niemand</translation>
    </message>
    <message>
        <source>Questions</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>whether viewers&apos; questions are answered</source>
        <translation>ob Fragen der Zuschauer beantwortet werden</translation>
    </message>
    <message>
        <source>As context</source>
        <translation>Als Kontext</translation>
    </message>
    <message>
        <source>whether what viewers write is told to a full model, too</source>
        <translation>ob einem großen Modell auch gesagt wird, was Zuschauer schreiben</translation>
    </message>
    <message>
        <source>A question every</source>
        <translation>Eine Frage alle</translation>
    </message>
    <message>
        <source>at most, whoever asks</source>
        <translation>höchstens, wer auch fragt</translation>
    </message>
    <message>
        <source>A person&apos;s every</source>
        <translation>Eine von jedem alle</translation>
    </message>
    <message>
        <source>at most, of the same person</source>
        <translation>höchstens, von derselben Person</translation>
    </message>
    <message>
        <source>what is longer is cut</source>
        <translation>was länger ist, wird abgeschnitten</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>Context every</source>
        <translation>Kontext alle</translation>
    </message>
    <message>
        <source>how often what viewers write may change it</source>
        <translation>wie oft ihn ändern darf, was Zuschauer schreiben</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>one of flite&apos;s, a folder with a neural voice, or its name on the hub</source>
        <translation>eine von flite, ein Ordner mit einer neuronalen Stimme oder ihr Name im Hub</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Sprecher</translation>
    </message>
    <message>
        <source>which one of a neural voice&apos;s speakers; 0: the first</source>
        <translation>welcher der Sprecher einer neuronalen Stimme; 0: der erste</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Sprachausgabe</translation>
    </message>
    <message>
        <source>whether the commentary is spoken</source>
        <translation>ob der Kommentar gesprochen wird</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>Tonausgabe</translation>
    </message>
    <message>
        <source>a part of its name; empty: the system&apos;s own</source>
        <translation>ein Teil ihres Namens; leer: die des Systems</translation>
    </message>
    <message>
        <source>Pace</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>2 is twice as fast</source>
        <translation>2 ist doppelt so schnell</translation>
    </message>
    <message>
        <source>times</source>
        <translation>mal</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Lautstärke</translation>
    </message>
    <message>
        <source>1 is the voice&apos;s own</source>
        <translation>1 ist die der Stimme</translation>
    </message>
    <message>
        <source>Others meanwhile</source>
        <translation>Andere währenddessen</translation>
    </message>
    <message>
        <source>how loud other programs are while the voice speaks; 1: as they are</source>
        <translation>wie laut andere Programme sind, während die Stimme spricht; 1: wie sie sind</translation>
    </message>
    <message>
        <source>Oldest picture</source>
        <translation>Ältestes Bild</translation>
    </message>
    <message>
        <source>no sentence begins when its line&apos;s picture is older than this</source>
        <translation>kein Satz beginnt, wenn das Bild seiner Zeile älter ist</translation>
    </message>
    <message>
        <source>Video of sessions</source>
        <translation>Video der Sitzungen</translation>
    </message>
    <message>
        <source>the SOURCE last watched: arena, screen:1, window:TITLE, a file, ...</source>
        <translation>die zuletzt gesehene QUELLE: arena, screen:1, window:TITEL, eine Datei, ...</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Watching</source>
        <translation>Zusehen</translation>
    </message>
    <message>
        <source>what the commentator is told beforehand</source>
        <translation>was der Kommentator vorab erfährt</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Commentator</source>
        <translation>Kommentator</translation>
    </message>
    <message>
        <source>who speaks: the name of a persona, &quot;&quot; for none</source>
        <translation>wer spricht: der Name einer Persona, &quot;&quot; für keine</translation>
    </message>
    <message>
        <source>Persona</source>
        <translation>Persona</translation>
    </message>
    <message>
        <source>the standing request; &quot;&quot; is the usual one</source>
        <translation>der ständige Auftrag; &quot;&quot; ist der übliche</translation>
    </message>
    <message>
        <source>Standing request</source>
        <translation>Ständiger Auftrag</translation>
    </message>
    <message>
        <source>silent once this much was said in the last minute</source>
        <translation>schweigt, sobald in der letzten Minute so viel gesagt wurde</translation>
    </message>
    <message>
        <source>Most words a minute</source>
        <translation>Höchstens Wörter je Minute</translation>
    </message>
    <message>
        <source>words a minute</source>
        <translation>Wörter je Minute</translation>
    </message>
    <message>
        <source>silent when silence has at least this probability</source>
        <translation>schweigt, wenn Schweigen mindestens diese Wahrscheinlichkeit hat</translation>
    </message>
    <message>
        <source>Silent from</source>
        <translation>Schweigt ab</translation>
    </message>
    <message>
        <source>probability, 0 to 1</source>
        <translation>Wahrscheinlichkeit, 0 bis 1</translation>
    </message>
    <message>
        <source>most megabytes for weights and KV cache</source>
        <translation>höchstens so viele Megabyte für Gewichte und KV-Cache</translation>
    </message>
    <message>
        <source>Memory limit</source>
        <translation>Speichergrenze</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>steps of 255 below which a part of the picture counts as seen; 0: none does</source>
        <translation>Stufen von 255, unter denen ein Teil des Bildes als gesehen gilt; 0: keiner</translation>
    </message>
    <message>
        <source>Drop what repeats</source>
        <translation>Wiederholtes auslassen</translation>
    </message>
    <message>
        <source>steps of 255</source>
        <translation>Stufen von 255</translation>
    </message>
    <message>
        <source>checkpoint directory or hub id; &quot;&quot; is the bundled one</source>
        <translation>Ordner eines Checkpoints oder Hub-Kennung; &quot;&quot; ist das mitgelieferte</translation>
    </message>
    <message>
        <source>further models in the list of models</source>
        <translation>weitere Modelle in der Liste der Modelle</translation>
    </message>
    <message>
        <source>Further models</source>
        <translation>Weitere Modelle</translation>
    </message>
    <message>
        <source>further voices in the list of voices</source>
        <translation>weitere Stimmen in der Liste der Stimmen</translation>
    </message>
    <message>
        <source>Further voices</source>
        <translation>Weitere Stimmen</translation>
    </message>
    <message>
        <source>auto, bfloat16, fp8 or float32</source>
        <translation>auto, bfloat16, fp8 oder float32</translation>
    </message>
    <message>
        <source>Number format</source>
        <translation>Zahlenformat</translation>
    </message>
    <message>
        <source>frames a second given to the model</source>
        <translation>Bilder je Sekunde, die das Modell bekommt</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>Bilder je Sekunde</translation>
    </message>
    <message>
        <source>frames a second</source>
        <translation>Bilder je Sekunde</translation>
    </message>
    <message>
        <source>size of the pictures given to the model: WxH or native; &quot;&quot; is as trained</source>
        <translation>Größe der Bilder, die das Modell bekommt: BxH oder native; &quot;&quot; ist wie trainiert</translation>
    </message>
    <message>
        <source>Picture size</source>
        <translation>Bildgröße</translation>
    </message>
    <message>
        <source>seconds of pictures that the model remembers</source>
        <translation>Sekunden an Bildern, die das Modell erinnert</translation>
    </message>
    <message>
        <source>Pictures remembered</source>
        <translation>Erinnerte Bilder</translation>
    </message>
    <message>
        <source>what a camera is asked for: WxH; &quot;&quot; is any</source>
        <translation>was von einer Kamera verlangt wird: BxH; &quot;&quot; ist beliebig</translation>
    </message>
    <message>
        <source>Camera size</source>
        <translation>Kamera: Größe</translation>
    </message>
    <message>
        <source>pictures a second that a camera is asked for</source>
        <translation>Bilder je Sekunde, die von einer Kamera verlangt werden</translation>
    </message>
    <message>
        <source>Camera rate</source>
        <translation>Kamera: Bildrate</translation>
    </message>
    <message>
        <source>pictures a second</source>
        <translation>Bilder je Sekunde</translation>
    </message>
    <message>
        <source>a part of the name of the microphone for spoken questions; &quot;&quot; is the system&apos;s</source>
        <translation>ein Teil des Namens des Mikrofons für gesprochene Fragen; &quot;&quot; ist das des Systems</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>how many times as fast video files are played</source>
        <translation>wievielmal so schnell Videodateien gespielt werden</translation>
    </message>
    <message>
        <source>Speed of films</source>
        <translation>Tempo von Filmen</translation>
    </message>
    <message>
        <source>windows with one of these in their title are never watched; * is anything</source>
        <translation>Fenster mit einem davon im Titel werden nie angesehen; * steht für alles</translation>
    </message>
    <message>
        <source>Titles never watched</source>
        <translation>Titel, nie angesehen</translation>
    </message>
    <message>
        <source>Private windows</source>
        <translation>Private Fenster</translation>
    </message>
    <message>
        <source>nor those of these classes, as xprop tells WM_CLASS</source>
        <translation>ebenso wenig die dieser Klassen, wie xprop sie als WM_CLASS nennt</translation>
    </message>
    <message>
        <source>Classes never watched</source>
        <translation>Klassen, nie angesehen</translation>
    </message>
    <message>
        <source>nor those of these executables, or started with such an option</source>
        <translation>ebenso wenig die dieser Programme, oder mit einer solchen Option gestartete</translation>
    </message>
    <message>
        <source>Programs never watched</source>
        <translation>Programme, nie angesehen</translation>
    </message>
    <message>
        <source>whether a session folder is written</source>
        <translation>ob ein Sitzungsordner geschrieben wird</translation>
    </message>
    <message>
        <source>Record sessions</source>
        <translation>Sitzungen aufzeichnen</translation>
    </message>
    <message>
        <source>whether captions appear on the screen when a stream starts</source>
        <translation>ob Untertitel auf dem Bildschirm erscheinen, wenn ein Stream beginnt</translation>
    </message>
    <message>
        <source>Captions at the start</source>
        <translation>Untertitel beim Start</translation>
    </message>
    <message>
        <source>whether one line below the captions shows the main gauges</source>
        <translation>ob eine Zeile unter den Untertiteln die wichtigsten Anzeigen zeigt</translation>
    </message>
    <message>
        <source>Gauges on the screen</source>
        <translation>Anzeigen auf dem Bildschirm</translation>
    </message>
    <message>
        <source>colours: auto (as the desktop), light or dark</source>
        <translation>Farben: automatisch (wie der Desktop), hell oder dunkel</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>contrast: auto (as the desktop), normal or high</source>
        <translation>Kontrast: automatisch (wie der Desktop), normal oder hoch</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>whether captions slide and fade: auto (as the desktop), full or reduced</source>
        <translation>ob Untertitel gleiten und verblassen: automatisch (wie der Desktop), voll oder verringert</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>how much the gauges show: 0 nothing, 1 one line, 2 the usual, 3 more, 4 all</source>
        <translation>wie viel die Anzeigen zeigen: 0 nichts, 1 eine Zeile, 2 das Übliche, 3 mehr, 4 alles</translation>
    </message>
    <message>
        <source>of the windows: auto (as the system), en or de; from the next start on</source>
        <translation>der Fenster: automatisch (wie das System), Englisch oder Deutsch; ab dem nächsten Start</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Start watching</source>
        <translation>Zusehen beginnen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>Zusehen beenden</translation>
    </message>
    <message>
        <source>Pause the commentary</source>
        <translation>Den Kommentar anhalten</translation>
    </message>
    <message>
        <source>Switch</source>
        <translation>Wechseln</translation>
    </message>
    <message>
        <source>Go on with this source and model; what was said is remembered</source>
        <translation>Mit dieser Quelle und diesem Modell weitermachen; das Gesagte bleibt erinnert</translation>
    </message>
    <message>
        <source>Mark this moment in the recording</source>
        <translation>Diesen Augenblick in der Aufzeichnung markieren</translation>
    </message>
    <message>
        <source>-10 s</source>
        <translation>-10 s</translation>
    </message>
    <message>
        <source>Ten seconds back in the film</source>
        <translation>Im Film zehn Sekunden zurück</translation>
    </message>
    <message>
        <source>+10 s</source>
        <translation>+10 s</translation>
    </message>
    <message>
        <source>Ten seconds on in the film</source>
        <translation>Im Film zehn Sekunden vor</translation>
    </message>
    <message>
        <source>Clear every output at once, hide the captions and pause</source>
        <translation>Alle Ausgaben sofort löschen, Untertitel verbergen und anhalten</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Tell the commentator now</source>
        <translation>Dem Kommentator jetzt sagen</translation>
    </message>
    <message>
        <source>Show captions on the screen</source>
        <translation>Untertitel auf dem Bildschirm zeigen</translation>
    </message>
    <message>
        <source>Hide captions on the screen</source>
        <translation>Untertitel auf dem Bildschirm verbergen</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Move or resize the captions</source>
        <translation>Untertitel verschieben oder ihre Größe ändern</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>Choose how the captions look</source>
        <translation>Wählen, wie die Untertitel aussehen</translation>
    </message>
    <message>
        <source>Choose a source</source>
        <translation>Eine Quelle wählen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose what to watch, with pictures</source>
        <translation>Mit Bildern wählen, was angesehen wird</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Ask about what is on screen</source>
        <translation>Fragen zu dem, was zu sehen ist</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>All recorded sessions</source>
        <translation>Alle aufgezeichneten Sitzungen</translation>
    </message>
    <message>
        <source>Choose the model that commentates</source>
        <translation>Das Modell wählen, das kommentiert</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Ausgaben</translation>
    </message>
    <message>
        <source>Video, text file, overlay page, OBS, speech and chat</source>
        <translation>Video, Textdatei, Overlay-Seite, OBS, Sprachausgabe und Chat</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Every setting, to be searched and changed</source>
        <translation>Jede Einstellung, zum Suchen und Ändern</translation>
    </message>
    <message>
        <source>First page</source>
        <translation>Startseite</translation>
    </message>
    <message>
        <source>What was found on this machine, and what suits it</source>
        <translation>Was auf diesem Rechner gefunden wurde und was zu ihm passt</translation>
    </message>
    <message>
        <source>Show more of the gauges, or none</source>
        <translation>Mehr Anzeigen, oder keine</translation>
    </message>
    <message>
        <source>Reset gauges</source>
        <translation>Anzeigen zurücksetzen</translation>
    </message>
    <message>
        <source>Count anew what adds up</source>
        <translation>Neu zählen, was sich summiert</translation>
    </message>
    <message>
        <source>Show the main gauges in one line below the captions</source>
        <translation>Die wichtigsten Anzeigen in einer Zeile unter den Untertiteln zeigen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Resume the commentary</source>
        <translation>Den Kommentar fortsetzen</translation>
    </message>
    <message>
        <source>by {name}</source>
        <translation>von {name}</translation>
    </message>
    <message>
        <source>Reading the lines…</source>
        <translation>Liest die Zeilen…</translation>
    </message>
    <message>
        <source>Ask about this session: what happened between 14:00 and 14:20?</source>
        <translation>Fragen zu dieser Sitzung: Was geschah zwischen 14:00 und 14:20?</translation>
    </message>
    <message>
        <source>Question about this session</source>
        <translation>Frage zu dieser Sitzung</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>Wer antwortet</translation>
    </message>
    <message>
        <source>by its lines</source>
        <translation>aus ihren Zeilen</translation>
    </message>
    <message>
        <source>Sum up</source>
        <translation>Zusammenfassen</translation>
    </message>
    <message>
        <source>Sum the session up</source>
        <translation>Die Sitzung zusammenfassen</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss error</source>
        <translation>Fehler schließen</translation>
    </message>
    <message>
        <source>Act on error</source>
        <translation>Fehler beheben</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>Eigener</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Style of the captions</source>
        <translation>Aussehen der Untertitel</translation>
    </message>
    <message>
        <source>As the band allows</source>
        <translation>Wie das Band es erlaubt</translation>
    </message>
    <message>
        <source>Colour of the letters</source>
        <translation>Farbe der Buchstaben</translation>
    </message>
    <message>
        <source>Colour of the outline</source>
        <translation>Farbe des Umrisses</translation>
    </message>
    <message>
        <source>Colour of the plate</source>
        <translation>Farbe des Hintergrunds</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Opacity of the plate</source>
        <translation>Deckkraft des Hintergrunds</translation>
    </message>
    <message>
        <source>Lines at once</source>
        <translation>Zeilen zugleich</translation>
    </message>
    <message>
        <source>Stays at least</source>
        <translation>Bleibt mindestens</translation>
    </message>
    <message>
        <source>Direct the commentator</source>
        <translation>Den Kommentator anweisen</translation>
    </message>
    <message>
        <source>What the commentator knows</source>
        <translation>Was der Kommentator weiß</translation>
    </message>
    <message>
        <source>Who plays, in which colours; names; what it is about; the tone you want</source>
        <translation>Wer spielt, in welchen Farben; Namen; worum es geht; der gewünschte Ton</translation>
    </message>
    <message>
        <source>Silent once that much was said in the last minute</source>
        <translation>Schweigt, sobald in der letzten Minute so viel gesagt wurde</translation>
    </message>
    <message>
        <source>How readily it speaks</source>
        <translation>Wie bereitwillig er spricht</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>{text}: silent when silence has a chance of {value:.0%}</source>
        <translation>{text}: schweigt, wenn Schweigen eine Wahrscheinlichkeit von {value:.0%} hat</translation>
    </message>
    <message>
        <source>Memory limit in MB</source>
        <translation>Speichergrenze in MB</translation>
    </message>
    <message>
        <source>Memory limit, MB</source>
        <translation>Speichergrenze, MB</translation>
    </message>
    <message>
        <source>Most megabytes for weights and cache; what is given up for it is told above</source>
        <translation>Höchstens so viele Megabyte für Gewichte und Cache; was dafür aufgegeben wird, steht oben</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>{same} of {len} lines the same</source>
        <translation>{same} von {len} Zeilen gleich</translation>
    </message>
    <message>
        <source>Time line of {name}</source>
        <translation>Zeitleiste von {name}</translation>
    </message>
    <message>
        <source>Both, line by line</source>
        <translation>Beide, Zeile für Zeile</translation>
    </message>
    <message>
        <source>Picture of this moment</source>
        <translation>Bild dieses Augenblicks</translation>
    </message>
    <message>
        <source>This machine suits {name}: {about}. It {verdict}. The bundled model starts at once, and knows the demo match and little else.</source>
        <translation>Zu diesem Rechner passt {name}: {about}. Es {verdict}. Das mitgelieferte Modell beginnt sofort und kennt das Demospiel und wenig mehr.</translation>
    </message>
    <message>
        <source>This machine suits the bundled model: it starts at once, and {verdict}. It knows the demo match and little else; for your own game or screen choose a full model.</source>
        <translation>Zu diesem Rechner passt das mitgelieferte Modell: Es beginnt sofort ({verdict}). Es kennt das Demospiel und wenig mehr; für das eigene Spiel oder den Bildschirm braucht es ein volles Modell.</translation>
    </message>
    <message>
        <source>Start with the bundled model</source>
        <translation>Mit dem mitgelieferten Modell beginnen</translation>
    </message>
    <message>
        <source>Start at once with the bundled model</source>
        <translation>Sofort mit dem mitgelieferten Modell beginnen</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>Ein Modell wählen…</translation>
    </message>
    <message>
        <source>Open the window of models</source>
        <translation>Das Fenster der Modelle öffnen</translation>
    </message>
    <message>
        <source>Looking at this machine…</source>
        <translation>Sieht sich diesen Rechner an…</translation>
    </message>
    <message>
        <source>Welcome to Courtside</source>
        <translation>Willkommen bei Courtside</translation>
    </message>
    <message>
        <source>no NVIDIA GPU</source>
        <translation>keine NVIDIA-GPU</translation>
    </message>
    <message>
        <source>Screens</source>
        <translation>Bildschirme</translation>
    </message>
    <message>
        <source>the X server gives no keys</source>
        <translation>der X-Server gibt keine Tasten</translation>
    </message>
    <message>
        <source>{combination} ({action}): this keyboard has no key “{key}”</source>
        <translation>{combination} ({action}): diese Tastatur hat keine Taste „{key}“</translation>
    </message>
    <message>
        <source>{combination} ({action}): another program has it; choose another one</source>
        <translation>{combination} ({action}): ein anderes Programm hat sie; bitte eine andere wählen</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>Letztes Jahr</translation>
    </message>
    <message>
        <source>All sources</source>
        <translation>Alle Quellen</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Alle Modelle</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Zeitraum</translation>
    </message>
    <message>
        <source>Search: words, a &quot;phrase&quot;, the start of a word</source>
        <translation>Suche: Wörter, eine &quot;Wendung&quot;, ein Wortanfang</translation>
    </message>
    <message>
        <source>Search in all sessions</source>
        <translation>In allen Sitzungen suchen</translation>
    </message>
    <message>
        <source>The library cannot be read: {error}</source>
        <translation>Die Bibliothek ist nicht lesbar: {error}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Tags…</source>
        <translation>Schlagwörter…</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source>Compare two</source>
        <translation>Zwei vergleichen</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Move library…</source>
        <translation>Bibliothek verlegen…</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was gefunden wurde</translation>
    </message>
    <message>
        <source> or more</source>
        <translation> oder mehr</translation>
    </message>
    <message>
        <source>{len}{more} found</source>
        <translation>{len}{more} gefunden</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>A session, or a folder of sessions</source>
        <translation>Eine Sitzung oder ein Ordner mit Sitzungen</translation>
    </message>
    <message>
        <source>Where all sessions are to be</source>
        <translation>Wo alle Sitzungen liegen sollen</translation>
    </message>
    <message>
        <source>Move all sessions to {target}? They are recorded there from then on.</source>
        <translation>Alle Sitzungen nach {target} verlegen? Von da an wird dort aufgezeichnet.</translation>
    </message>
    <message>
        <source>Courtside</source>
        <translation>Courtside</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Name of the session</source>
        <translation>Name der Sitzung</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Tags, with commas between</source>
        <translation>Schlagwörter, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>Importiert…</translation>
    </message>
    <message>
        <source>This session is being recorded: stop it first.</source>
        <translation>Diese Sitzung wird gerade aufgezeichnet: bitte erst beenden.</translation>
    </message>
    <message>
        <source>the last session ({name}) was broken off: Ctrl+Shift+L shows it</source>
        <translation>die letzte Sitzung ({name}) brach ab: Strg+Umschalt+L zeigt sie</translation>
    </message>
    <message>
        <source>Any number of words</source>
        <translation>Beliebig viele Wörter</translation>
    </message>
    <message>
        <source>{:g} words a minute</source>
        <translation>{:g} Wörter je Minute</translation>
    </message>
    <message>
        <source>Speaks as it likes</source>
        <translation>Spricht, wie er mag</translation>
    </message>
    <message>
        <source>Speaks rarely</source>
        <translation>Spricht selten</translation>
    </message>
    <message>
        <source>Speaks less</source>
        <translation>Spricht weniger</translation>
    </message>
    <message>
        <source>Speaks more</source>
        <translation>Spricht mehr</translation>
    </message>
    <message>
        <source>Speaks nearly always</source>
        <translation>Spricht fast immer</translation>
    </message>
    <message>
        <source>Silent from {:.0%}</source>
        <translation>Schweigt ab {:.0%}</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Choose a source and press Start</source>
        <translation>Eine Quelle wählen und Start drücken</translation>
    </message>
    <message>
        <source>Captions on screen</source>
        <translation>Untertitel</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Everything that Courtside can do</source>
        <translation>Alles, was Courtside kann</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use this model from the next start on</source>
        <translation>Dieses Modell ab dem nächsten Start verwenden</translation>
    </message>
    <message>
        <source>Download this model</source>
        <translation>Dieses Modell herunterladen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the download; what is here stays</source>
        <translation>Das Herunterladen abbrechen; was da ist, bleibt</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete this model from the disk</source>
        <translation>Dieses Modell von der Platte löschen</translation>
    </message>
    <message>
        <source>lies in {folder}</source>
        <translation>liegt in {folder}</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>, {value:.0f} GB free before</source>
        <translation>, vorher {value:.0f} GB frei</translation>
    </message>
    <message>
        <source>{amount} of {amount_}{free}</source>
        <translation>{amount} von {amount_}{free}</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add this model to the list</source>
        <translation>Dieses Modell der Liste hinzufügen</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Choose a folder with a checkpoint</source>
        <translation>Einen Ordner mit einem Checkpoint wählen</translation>
    </message>
    <message>
        <source>Another one: a folder, or OWNER/NAME on the Hugging Face hub</source>
        <translation>Ein anderes: ein Ordner, oder BESITZER/NAME auf dem Hugging-Face-Hub</translation>
    </message>
    <message>
        <source>Folder or hub id</source>
        <translation>Ordner oder Hub-Kennung</translation>
    </message>
    <message>
        <source>This machine: {gpu}; {value:.0f} GB of memory</source>
        <translation>Dieser Rechner: {gpu}; {value:.0f} GB Speicher</translation>
    </message>
    <message>
        <source>Delete {title} from this disk? It can be downloaded again.</source>
        <translation>{title} von dieser Platte löschen? Es kann wieder heruntergeladen werden.</translation>
    </message>
    <message>
        <source>Delete the model</source>
        <translation>Das Modell löschen</translation>
    </message>
    <message>
        <source>A folder with a checkpoint</source>
        <translation>Ein Ordner mit einem Checkpoint</translation>
    </message>
    <message>
        <source>slower</source>
        <translation>langsamer</translation>
    </message>
    <message>
        <source>usual pace</source>
        <translation>übliches Tempo</translation>
    </message>
    <message>
        <source>faster</source>
        <translation>schneller</translation>
    </message>
    <message>
        <source>much faster</source>
        <translation>viel schneller</translation>
    </message>
    <message>
        <source>keep all</source>
        <translation>alle behalten</translation>
    </message>
    <message>
        <source>delete after 7 days</source>
        <translation>nach 7 Tagen löschen</translation>
    </message>
    <message>
        <source>delete after 30 days</source>
        <translation>nach 30 Tagen löschen</translation>
    </message>
    <message>
        <source>delete after 90 days</source>
        <translation>nach 90 Tagen löschen</translation>
    </message>
    <message>
        <source>of any size</source>
        <translation>beliebig groß</translation>
    </message>
    <message>
        <source>at most 10 GB</source>
        <translation>höchstens 10 GB</translation>
    </message>
    <message>
        <source>at most 50 GB</source>
        <translation>höchstens 50 GB</translation>
    </message>
    <message>
        <source>at most 200 GB</source>
        <translation>höchstens 200 GB</translation>
    </message>
    <message>
        <source>no sound</source>
        <translation>kein Ton</translation>
    </message>
    <message>
        <source>sound of the desktop</source>
        <translation>Ton des Desktops</translation>
    </message>
    <message>
        <source>sound of the microphone</source>
        <translation>Ton des Mikrofons</translation>
    </message>
    <message>
        <source>as context, too</source>
        <translation>auch als Kontext</translation>
    </message>
    <message>
        <source>Choose the text file</source>
        <translation>Die Textdatei wählen</translation>
    </message>
    <message>
        <source>Voices…</source>
        <translation>Stimmen…</translation>
    </message>
    <message>
        <source>All voices: what is here, how they sound, and how to get more</source>
        <translation>Alle Stimmen: was da ist, wie sie klingen, und woher es mehr gibt</translation>
    </message>
    <message>
        <source>Switch the overlay page on, which OBS is to show.</source>
        <translation>Die Overlay-Seite einschalten, die OBS zeigen soll.</translation>
    </message>
    <message>
        <source>Voices</source>
        <translation>Stimmen</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Anhören</translation>
    </message>
    <message>
        <source>Let this voice say a sentence</source>
        <translation>Diese Stimme einen Satz sagen lassen</translation>
    </message>
    <message>
        <source>Download this voice</source>
        <translation>Diese Stimme herunterladen</translation>
    </message>
    <message>
        <source>Add this voice to the list</source>
        <translation>Diese Stimme zur Liste hinzufügen</translation>
    </message>
    <message>
        <source>Choose a folder with a neural voice</source>
        <translation>Einen Ordner mit einer neuronalen Stimme wählen</translation>
    </message>
    <message>
        <source>Use this voice</source>
        <translation>Diese Stimme verwenden</translation>
    </message>
    <message>
        <source>The voice cannot be heard</source>
        <translation>Die Stimme ist nicht zu hören</translation>
    </message>
    <message>
        <source>What is changed here counts at once; a video begins with the next start.</source>
        <translation>Was hier geändert wird, gilt sofort; ein Video beginnt mit dem nächsten Start.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the address of the overlay page</source>
        <translation>Die Adresse der Overlay-Seite kopieren</translation>
    </message>
    <message>
        <source>What is watched, beside the words of the session</source>
        <translation>Was angesehen wird, neben den Worten der Sitzung</translation>
    </message>
    <message>
        <source>Older videos</source>
        <translation>Ältere Videos</translation>
    </message>
    <message>
        <source>All videos together</source>
        <translation>Alle Videos zusammen</translation>
    </message>
    <message>
        <source>Recorded where the source brings none; files and streams have their own</source>
        <translation>Wird aufgenommen, wo die Quelle keinen mitbringt; Dateien und Streams haben ihren eigenen</translation>
    </message>
    <message>
        <source>The file that OBS or another program reads</source>
        <translation>Die Datei, die OBS oder ein anderes Programm liest</translation>
    </message>
    <message>
        <source>Address of the overlay page</source>
        <translation>Adresse der Overlay-Seite</translation>
    </message>
    <message>
        <source>For a browser source; with ?dock behind it for a dock of OBS</source>
        <translation>Für eine Browserquelle; mit ?dock dahinter für ein Dock von OBS</translation>
    </message>
    <message>
        <source>as text</source>
        <translation>als Text</translation>
    </message>
    <message>
        <source>as the overlay page</source>
        <translation>als Overlay-Seite</translation>
    </message>
    <message>
        <source>Find OBS</source>
        <translation>OBS finden</translation>
    </message>
    <message>
        <source>Look for OBS, switch it on here, and list its scenes</source>
        <translation>OBS suchen, hier einschalten und seine Szenen auflisten</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Rechner</translation>
    </message>
    <message>
        <source>OBS on this machine, or ws://:PASSWORD@HOST:4455/SCENE</source>
        <translation>OBS auf diesem Rechner, oder ws://:PASSWORT@RECHNER:4455/SZENE</translation>
    </message>
    <message>
        <source>Address of OBS</source>
        <translation>Adresse von OBS</translation>
    </message>
    <message>
        <source>Scene of OBS</source>
        <translation>Szene von OBS</translation>
    </message>
    <message>
        <source>What OBS shows</source>
        <translation>Was OBS zeigt</translation>
    </message>
    <message>
        <source>A source of OBS&apos;s own, made in the scene where there is none</source>
        <translation>Eine Quelle in OBS; wo die Szene keine hat, wird sie angelegt</translation>
    </message>
    <message>
        <source>Looking for OBS…</source>
        <translation>OBS wird gesucht …</translation>
    </message>
    <message>
        <source>OBS {version} at {where}; “{scene}” is on air.</source>
        <translation>OBS {version} unter {where}; „{scene}“ ist auf Sendung.</translation>
    </message>
    <message>
        <source>the scene on air</source>
        <translation>die Szene auf Sendung</translation>
    </message>
    <message>
        <source>Usual output</source>
        <translation>Übliche Ausgabe</translation>
    </message>
    <message>
        <source>The system&apos;s sound output, or a part of another&apos;s name</source>
        <translation>Die Tonausgabe des Systems, oder ein Teil des Namens einer anderen</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Viewers&apos; questions: !ask …, or @courtside …; nothing is ever posted</source>
        <translation>Fragen der Zuschauer: !ask … oder @courtside …; geschrieben wird nie etwas</translation>
    </message>
    <message>
        <source>A Twitch channel, or ircs://HOST/CHANNEL</source>
        <translation>Ein Twitch-Kanal oder ircs://HOST/KANAL</translation>
    </message>
    <message>
        <source>What viewers write is told to a full model; the bundled one does not read it</source>
        <translation>Was Zuschauer schreiben, wird einem großen Modell gesagt; das mitgelieferte liest es nicht</translation>
    </message>
    <message>
        <source>told when it starts: any free port</source>
        <translation>wird beim Start genannt: ein freier Port</translation>
    </message>
    <message>
        <source>Folder with a neural voice</source>
        <translation>Ordner mit einer neuronalen Stimme</translation>
    </message>
    <message>
        <source>The next recording deletes {in_words}; what was said stays.</source>
        <translation>Die nächste Aufzeichnung löscht {in_words}; das Gesagte bleibt.</translation>
    </message>
    <message>
        <source>Choose the text file first.</source>
        <translation>Bitte zuerst die Textdatei wählen.</translation>
    </message>
    <message>
        <source>Name the channel first.</source>
        <translation>Zuerst den Kanal nennen.</translation>
    </message>
    <message>
        <source>No persona</source>
        <translation>Keine Persona</translation>
    </message>
    <message>
        <source>Who speaks: style, words, request and limits. Choose it again after editing</source>
        <translation>Wer spricht: Stil, Wörter, Auftrag und Grenzen. Nach dem Bearbeiten erneut wählen</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Edit the persona&apos;s file</source>
        <translation>Die Datei der Persona bearbeiten</translation>
    </message>
    <message>
        <source>Open the persona&apos;s file; one that came with Courtside is copied to your own first</source>
        <translation>Die Datei der Persona öffnen; eine mitgelieferte wird erst zu den eigenen kopiert</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Loading model…</source>
        <translation>Lädt das Modell…</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>Abspielen oder anhalten</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation>Abspielen oder anhalten (Leertaste)</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Speed ([ slower, ] faster)</source>
        <translation>Tempo ([ langsamer, ] schneller)</translation>
    </message>
    <message>
        <source>  ·  round {number}</source>
        <translation>  ·  Runde {number}</translation>
    </message>
    <message>
        <source>◀ Round</source>
        <translation>◀ Runde</translation>
    </message>
    <message>
        <source>Previous round</source>
        <translation>Vorige Runde</translation>
    </message>
    <message>
        <source>Previous round (,)</source>
        <translation>Vorige Runde (,)</translation>
    </message>
    <message>
        <source>Round ▶</source>
        <translation>Runde ▶</translation>
    </message>
    <message>
        <source>Next round</source>
        <translation>Nächste Runde</translation>
    </message>
    <message>
        <source>Next round (.)</source>
        <translation>Nächste Runde (.)</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Liest…</translation>
    </message>
    <message>
        <source>Mark this moment (M)</source>
        <translation>Diesen Augenblick markieren (M)</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>Notiz…</translation>
    </message>
    <message>
        <source>Write a note about this moment (N)</source>
        <translation>Eine Notiz zu diesem Augenblick schreiben (N)</translation>
    </message>
    <message>
        <source>Correct…</source>
        <translation>Berichtigen…</translation>
    </message>
    <message>
        <source>Correct the chosen line (C)</source>
        <translation>Die gewählte Zeile berichtigen (C)</translation>
    </message>
    <message>
        <source>Copy the chosen line</source>
        <translation>Die gewählte Zeile kopieren</translation>
    </message>
    <message>
        <source>Watch the footage again with another persona, model, mode or seed</source>
        <translation>Das Material noch einmal ansehen, mit anderer Persona, anderem Modell, Modus oder Seed</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>Mitschrift</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>About {clock}</source>
        <translation>Zu {clock}</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>Berichtigen</translation>
    </message>
    <message>
        <source>What it should have said</source>
        <translation>Was es hätte sagen sollen</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>Livebild</translation>
    </message>
    <message>
        <source>Drag over what is to be watched. Esc cancels.</source>
        <translation>Über das ziehen, was angesehen werden soll. Esc bricht ab.</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>As it was</source>
        <translation>Wie es war</translation>
    </message>
    <message>
        <source>Again: {name}</source>
        <translation>Noch einmal: {name}</translation>
    </message>
    <message>
        <source>Watch again</source>
        <translation>Noch einmal ansehen</translation>
    </message>
    <message>
        <source>to its end</source>
        <translation>bis zum Ende</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Modus</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>{clock} of {clock_}</source>
        <translation>{clock} von {clock_}</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>Fertig.</translation>
    </message>
    <message>
        <source>time for the round</source>
        <translation>Zeit für die Runde</translation>
    </message>
    <message>
        <source>first token after the last frame</source>
        <translation>erstes Token nach dem letzten Bild</translation>
    </message>
    <message>
        <source>of that for the picture</source>
        <translation>davon für das Bild</translation>
    </message>
    <message>
        <source>of that for the words</source>
        <translation>davon für die Wörter</translation>
    </message>
    <message>
        <source>tokens said</source>
        <translation>gesagte Tokens</translation>
    </message>
    <message>
        <source>tokens in the cache</source>
        <translation>Tokens im Cache</translation>
    </message>
    <message>
        <source>words remembered back to</source>
        <translation>Wörter erinnert bis zurück zu</translation>
    </message>
    <message>
        <source>memory of the engine</source>
        <translation>Speicher der Engine</translation>
    </message>
    <message>
        <source>What the model saw</source>
        <translation>Was das Modell sah</translation>
    </message>
    <message>
        <source>What its cache held then</source>
        <translation>Was sein Cache da enthielt</translation>
    </message>
    <message>
        <source>{kind} at {clock}</source>
        <translation>{kind} bei {clock}</translation>
    </message>
    <message>
        <source>the model said: {said}</source>
        <translation>das Modell sagte: {said}</translation>
    </message>
    <message>
        <source>silence at {clock}</source>
        <translation>Schweigen bei {clock}</translation>
    </message>
    <message>
        <source>; the video shows the moment</source>
        <translation>; das Video zeigt den Augenblick</translation>
    </message>
    <message>
        <source>The frames of this round were not kept{beside}.</source>
        <translation>Die Bilder dieser Runde wurden nicht aufgehoben{beside}.</translation>
    </message>
    <message>
        <source>This round</source>
        <translation>Diese Runde</translation>
    </message>
    <message>
        <source>given to the model at {clock}.{value}</source>
        <translation>dem Modell gegeben bei {clock}.{value}</translation>
    </message>
    <message>
        <source>about </source>
        <translation>etwa </translation>
    </message>
    <message>
        <source>mode {mode}</source>
        <translation>Modus {mode}</translation>
    </message>
    <message>
        <source>pictures of {rounds}</source>
        <translation>Bilder von {rounds}</translation>
    </message>
    <message>
        <source>words in their own turns: {rounds}</source>
        <translation>Wörter in eigenen Runden: {rounds}</translation>
    </message>
    <message>
        <source>sink, {about}{sink_tokens} tokens: {value}</source>
        <translation>Sink, {about}{sink_tokens} Tokens: {value}</translation>
    </message>
    <message>
        <source>window, {about}{window_tokens} tokens: {value}</source>
        <translation>Fenster, {about}{window_tokens} Tokens: {value}</translation>
    </message>
    <message>
        <source>Began</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset {setting}</source>
        <translation>{setting} zurücksetzen</translation>
    </message>
    <message>
        <source>Back to what it is by default</source>
        <translation>Zurück zur Voreinstellung</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>“{text}” is not a number</source>
        <translation>„{text}“ ist keine Zahl</translation>
    </message>
    <message>
        <source>Open file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Open the file of settings</source>
        <translation>Die Datei der Einstellungen öffnen</translation>
    </message>
    <message>
        <source>No setting has these words</source>
        <translation>Keine Einstellung hat diese Wörter</translation>
    </message>
    <message>
        <source>Search: words of a setting (Ctrl+F)</source>
        <translation>Suche: Wörter einer Einstellung (Strg+F)</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Path copied</source>
        <translation>Pfad kopiert</translation>
    </message>
    <message>
        <source>Any rate</source>
        <translation>Beliebige Bildrate</translation>
    </message>
    <message>
        <source>15 a second</source>
        <translation>15 je Sekunde</translation>
    </message>
    <message>
        <source>30 a second</source>
        <translation>30 je Sekunde</translation>
    </message>
    <message>
        <source>60 a second</source>
        <translation>60 je Sekunde</translation>
    </message>
    <message>
        <source>Video files at half speed</source>
        <translation>Videodateien mit halbem Tempo</translation>
    </message>
    <message>
        <source>Video files at their own speed</source>
        <translation>Videodateien mit eigenem Tempo</translation>
    </message>
    <message>
        <source>Video files at 1.5 times the speed</source>
        <translation>Videodateien mit 1,5-fachem Tempo</translation>
    </message>
    <message>
        <source>Video files at twice the speed</source>
        <translation>Videodateien mit doppeltem Tempo</translation>
    </message>
    <message>
        <source>Video files at four times the speed</source>
        <translation>Videodateien mit vierfachem Tempo</translation>
    </message>
    <message>
        <source>What to watch</source>
        <translation>Was angesehen wird</translation>
    </message>
    <message>
        <source>Draw a region…</source>
        <translation>Ausschnitt ziehen…</translation>
    </message>
    <message>
        <source>Draw a region on the screen</source>
        <translation>Einen Ausschnitt auf dem Bildschirm ziehen</translation>
    </message>
    <message>
        <source>Size of the camera&apos;s pictures</source>
        <translation>Größe der Kamerabilder</translation>
    </message>
    <message>
        <source>Pictures a second of the camera</source>
        <translation>Bilder je Sekunde der Kamera</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Watch the camera</source>
        <translation>Die Kamera ansehen</translation>
    </message>
    <message>
        <source>Speed of video files</source>
        <translation>Tempo von Videodateien</translation>
    </message>
    <message>
        <source>Video file…</source>
        <translation>Videodatei…</translation>
    </message>
    <message>
        <source>Choose a video file</source>
        <translation>Eine Videodatei wählen</translation>
    </message>
    <message>
        <source>Watch the address</source>
        <translation>Die Adresse ansehen</translation>
    </message>
    <message>
        <source>Looking at screens and windows…</source>
        <translation>Sieht sich Bildschirme und Fenster an…</translation>
    </message>
    <message>
        <source>Which camera</source>
        <translation>Welche Kamera</translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>Address of a stream</source>
        <translation>Adresse eines Streams</translation>
    </message>
    <message>
        <source>rtsp://…, rtmp://…, http://…, udp://…</source>
        <translation>rtsp://…, rtmp://…, http://…, udp://…</translation>
    </message>
    <message>
        <source>Enter chooses; refreshed every second</source>
        <translation>Eingabe wählt; jede Sekunde erneuert</translation>
    </message>
    <message>
        <source>Choose a video</source>
        <translation>Ein Video wählen</translation>
    </message>
    <message>
        <source>Other…</source>
        <translation>Anderes…</translation>
    </message>
    <message>
        <source>Videos (*.mp4 *.mkv *.mov *.webm *.avi *.ts *.m4v);;All files (*)</source>
        <translation>Videos (*.mp4 *.mkv *.mov *.webm *.avi *.ts *.m4v);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Kind of source</source>
        <translation>Art der Quelle</translation>
    </message>
    <message>
        <source>screen:1, camera, a file, rtsp://…</source>
        <translation>screen:1, camera, eine Datei, rtsp://…</translation>
    </message>
    <message>
        <source>Begin the film at</source>
        <translation>Film beginnen bei</translation>
    </message>
    <message>
        <source>from 0:00</source>
        <translation>ab 0:00</translation>
    </message>
    <message>
        <source>Where the film begins: seconds, or H:MM:SS</source>
        <translation>Wo der Film beginnt: Sekunden, oder H:MM:SS</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Downloading {done:.1f} of {total:.1f} GB</source>
        <translation>Lädt {done:.1f} von {total:.1f} GB herunter</translation>
    </message>
    <message>
        <source>Memory limit: using {what}{value}</source>
        <translation>Speichergrenze: nutzt {what}{value}</translation>
    </message>
    <message>
        <source> again</source>
        <translation> wieder</translation>
    </message>
    <message>
        <source>Not spoken ({cause}): {total} so far</source>
        <translation>Nicht gesprochen ({cause}): {total} bisher</translation>
    </message>
    <message>
        <source>Paused: private window</source>
        <translation>Angehalten: privates Fenster</translation>
    </message>
    <message>
        <source>The picture stands still</source>
        <translation>Das Bild steht still</translation>
    </message>
    <message>
        <source>The picture moves again</source>
        <translation>Das Bild bewegt sich wieder</translation>
    </message>
    <message>
        <source>The source is back</source>
        <translation>Die Quelle ist wieder da</translation>
    </message>
    <message>
        <source>Source lost, trying again ({away_s:.0f} s)</source>
        <translation>Quelle verloren, neuer Versuch ({away_s:.0f} s)</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>fp8 (half the memory)</source>
        <translation>fp8 (halber Speicher)</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>as trained</source>
        <translation>wie trainiert</translation>
    </message>
    <message>
        <source>WxH in pixels, as in 448x252, or native</source>
        <translation>BxH in Pixeln, wie 448x252, oder native</translation>
    </message>
    <message>
        <source>Seconds of picture remembered</source>
        <translation>Erinnerte Sekunden Bild</translation>
    </message>
    <message>
        <source>Screens and windows</source>
        <translation>Bildschirme und Fenster</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>seconds from picture to text</source>
        <translation>Sekunden vom Bild zum Text</translation>
    </message>
    <message>
        <source>↓  Latest</source>
        <translation>↓  Neueste</translation>
    </message>
    <message>
        <source>What is said appears here, each line with its age.</source>
        <translation>Was gesagt wird, erscheint hier, jede Zeile mit ihrem Alter.</translation>
    </message>
    <message>
        <source>Jump to the latest line</source>
        <translation>Zur neuesten Zeile springen</translation>
    </message>
    <message>
        <source>Open Courtside</source>
        <translation>Courtside öffnen</translation>
    </message>
    <message>
        <source>Courtside: {value}</source>
        <translation>Courtside: {value}</translation>
    </message>
    <message>
        <source>Switching; what was said is remembered</source>
        <translation>Wechselt; das Gesagte bleibt erinnert</translation>
    </message>
    <message>
        <source>{tokens:,} of {limit:,} tokens{value}</source>
        <translation>{tokens:,} von {limit:,} Tokens{value}</translation>
    </message>
    <message>
        <source>: too long, it would be refused</source>
        <translation>: zu lang, es würde abgelehnt</translation>
    </message>
    <message>
        <source>: only the first {sink} and the last {window} are read</source>
        <translation>: nur die ersten {sink} und die letzten {window} werden gelesen</translation>
    </message>
    <message>
        <source>Checked: the captions stay out of the picture</source>
        <translation>Geprüft: die Untertitel bleiben aus dem Bild</translation>
    </message>
    <message>
        <source>Not checked whether captions stay out of the picture</source>
        <translation>Nicht geprüft, ob Untertitel aus dem Bild bleiben</translation>
    </message>
    <message>
        <source>The microphone opens…</source>
        <translation>Das Mikrofon wird geöffnet …</translation>
    </message>
    <message>
        <source>Listening: ask, then let go</source>
        <translation>Es hört zu: fragen, dann loslassen</translation>
    </message>
    <message>
        <source>Nothing can be heard: {why}</source>
        <translation>Nichts zu hören: {why}</translation>
    </message>
    <message>
        <source>Enter asks it; correct it first if it was misheard</source>
        <translation>Enter stellt die Frage; wurde sie falsch verstanden, erst verbessern</translation>
    </message>
    <message>
        <source>Nothing was understood</source>
        <translation>Nichts wurde verstanden</translation>
    </message>
    <message>
        <source>Hold to ask</source>
        <translation>Halten zum Fragen</translation>
    </message>
    <message>
        <source>Ask aloud while this is held; it is shown before it is sent</source>
        <translation>Laut fragen, solange dies gehalten wird; gezeigt wird es, bevor es gesendet wird</translation>
    </message>
    <message>
        <source>Position in the film</source>
        <translation>Stelle im Film</translation>
    </message>
    <message>
        <source>Speed of the film</source>
        <translation>Geschwindigkeit des Films</translation>
    </message>
    <message>
        <source>Piper, a woman, US English; about 65 MB</source>
        <translation>Piper, eine Frau, amerikanisches Englisch; etwa 65 MB</translation>
    </message>
    <message>
        <source>Kitten, eight speakers, English; about 25 MB, the quickest</source>
        <translation>Kitten, acht Sprecher, Englisch; etwa 25 MB, die schnellste</translation>
    </message>
    <message>
        <source>Kokoro, 53 speakers, several languages; about 360 MB, wants a quick CPU</source>
        <translation>Kokoro, 53 Sprecher, mehrere Sprachen; etwa 360 MB, braucht einen schnellen Prozessor</translation>
    </message>
    <message>
        <source>flite, US English; needs nothing else</source>
        <translation>flite, amerikanisches Englisch; braucht nichts weiter</translation>
    </message>
    <message>
        <source>flite, Scottish English; needs nothing else</source>
        <translation>flite, schottisches Englisch; braucht nichts weiter</translation>
    </message>
    <message>
        <source>a neural voice</source>
        <translation>eine neuronale Stimme</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>installiert</translation>
    </message>
    <message>
        <source>here, but something else is missing</source>
        <translation>da, aber etwas anderes fehlt</translation>
    </message>
    <message>
        <source>to be downloaded</source>
        <translation>noch herunterzuladen</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>nicht verwendbar</translation>
    </message>
    <message>
        <source>a round takes {compute} of {budget}</source>
        <translation>eine Runde braucht {compute} von {budget}</translation>
    </message>
    <message>
        <source>Too slow here, pictures are left out: {taken}</source>
        <translation>Hier zu langsam, Bilder fallen weg: {taken}</translation>
    </message>
    <message>
        <source>Works with less to stay under the memory limit: {taken}</source>
        <translation>Arbeitet mit weniger, um unter der Speichergrenze zu bleiben: {taken}</translation>
    </message>
    <message>
        <source>Only just keeps up: {taken}</source>
        <translation>Hält gerade noch mit: {taken}</translation>
    </message>
    <message>
        <source>Keeps up, silent as its words of this minute are used up: {taken}</source>
        <translation>Hält mit, schweigt, weil seine Wörter dieser Minute verbraucht sind: {taken}</translation>
    </message>
    <message>
        <source>Keeps up, silent for {quiet} as this does not seem to be anything it knows: {taken}</source>
        <translation>Hält mit, schweigt seit {quiet}, denn dies scheint nichts zu sein, was es kennt: {taken}</translation>
    </message>
    <message>
        <source>Keeps up, but nothing came above its threshold for {quiet}: {taken}</source>
        <translation>Hält mit, aber seit {quiet} lag nichts über seiner Schwelle: {taken}</translation>
    </message>
    <message>
        <source>Keeps up, and has had nothing to say for {quiet}: {taken}</source>
        <translation>Hält mit und hat seit {quiet} nichts zu sagen: {taken}</translation>
    </message>
    <message>
        <source>Keeps up: {taken}</source>
        <translation>Hält mit: {taken}</translation>
    </message>
    <message>
        <source>The bundled model knows football and little else; for your own game choose a full model (Ctrl+Shift+K)</source>
        <translation>Das mitgelieferte Modell kennt Fußball und wenig sonst; für das eigene Spiel ein volles Modell wählen (Strg+Umschalt+K)</translation>
    </message>
</context>
</TS>
