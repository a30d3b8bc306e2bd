"""Forenames common in England, those of South Asian, Polish and Irish families among them."""

from insight.personal_words import word_set

FORENAMES = word_set(
    """
    aaron abbie abdul abdullah abigail adele adrian adrienne aidan aileen aisha ajay akash
    alan alastair albert alec alejandro aleksandra alex alexander alexandra alexandria alexis
    alfie alfred ali alice alicia alison alistair allan allison alma alok amanda amandeep amar
    amarjit amelia amelie amina amir amit amrit amy ana anastasia anders andrea andreas andrew
    andrzej andy aneta angela angelina anil anish anita anjali anna annabel anne annette annie
    anthony antoinette antonia antonio antony anwar anya archie arjun arlene arnold arthur
    arun asha ashish ashley ashok asif audrey avril ayesha aziz balbir baldev baljit balwinder
    barbara barry bartosz beata beatrice becky belinda ben benjamin bernadette bernard bernice
    bertha beryl bethany betty beverley bhavesh bhavna bhupinder bilal billie bogdan brenda
    brendan brett brian bridget bronwyn bruce bryan bryony caitlin callum calvin cameron
    camilla carl carla carlos carmel carol carole caroline carolyn carrie caspian catherine
    catriona cecil cecilia cedric celia charanjit charlene charles charlotte cheryl chetan
    chloe chris christian christina christine christopher ciara claire clara clare clarissa
    claude claudia clement clifford clive colette colin conor constance corinne courtney craig
    cynthia cyril daljit damian damien daniel daniela danielle danny daphne darren darshan
    daryl dave david davinder dawid deborah debra declan deepa deepak deirdre delia delroy
    denis denise dennis derek dermot diana diane dilip dimitri dinesh dipak dolores
    dominic dominik donald donna doreen doris dorothea dorothy doug douglas duncan dylan
    eamonn edith edmund edna eduardo edward edwin edwina eileen eilish elaine eleanor elena
    eli elias elijah elisa elisabeth elise eliza elizabeth ella ellen ellie elliot elliott
    eloise elsie elspeth elvira emilia emily emma emmanuel enid eric erica erika erin ernest
    esme esther ethan ethel eugene eunice eva evan evelyn ewa ewan faisal farah farhan farida
    farooq fatima faye felicity fergus fernando fiona frances francesca francis francisco
    frankie fraser fred freda frederick gareth garry gary gavin gemma geoffrey george georgina
    gerald geraldine gerard gertrude ghulam gilbert giles gillian gina giovanni giuseppe
    gladys glenda glenn glenys gloria glyn gordon graeme graham grahame greg gregory greta
    grzegorz gulab gurdeep gurdip gurmit gurpreet gwen gwendoline gwyneth habib haider hamza
    hanna hannah hans hardeep hardip harinder harish harjinder harjit harold haroon harpreet
    harriet harry harsha harvinder hasan hassan hayley hector heidi helen helena helga
    henrietta henry herbert hilary hilda hina hiten hitesh howard hubert hugh hugo hussein ian
    ibrahim ida idris ieva ifor imogen imran ines ingrid irena irene irfan irina isaac isabel
    isabella isabelle ismail isobel ivan ivor jackie jacob jacqueline jacqui jagdish jagjit
    jaime jake james jamie jamila jane janet janette janice janine jared jarek jaroslaw
    jasbir jasmin jasmine jason jaspreet jaswinder javed javier jay jayesh jayne jaynesh
    jayshree jeanette jeffrey jemima jenna jennifer jenny jeremiah jeremy jerome jerry jess
    jessica jessie jill jillian jim jimmy jitendra joan joanna joanne joao jocelyn jodie joe
    joel john johnathan johnny jolanta jon jonathan jorge jose josef joseph josephine josh
    joshua joyce juan juanita judith judy julia julian juliana julie juliet justin justyna
    kailash kalpana kamal kamaljit kamila karan karen karina karl karolina kasia katarzyna
    kate katharine katherine kathleen kathryn kathy katie katrina kavita kay keeley keely
    keith kelly kelvin kenneth kenny kerry keval kevin khadija khalid kieran kim kimberley
    kiran kirandeep kiren kirsten kirsty kishan kishor kris krishna krystyna krzysztof kuldip
    kulwinder kumar kyle lakshmi lalita laura lauren laurence lavinia lawrence leah leanne
    lena leo leon leona leonard leonie leroy lesley leslie leszek lewis liam liliana lillian
    linda lindsay lindsey lisa liz lloyd lois lorna lorraine louis louisa louise lucas lucia
    lucinda lucja lucy luis lukasz luke lydia lyn lynda lynette lynn lynne maciej madeleine
    madhu magdalena mahendra mahesh mahmood maisie malcolm malgorzata mandeep mandy manisha
    manjit manoj mansukh manuel marcel marcin marcus marek margaret maria mariam marian
    marianne marie marilyn marina mario marion mariusz marjorie marlene marta martha martin
    martina martyn mary maryam mateusz mathew matilda matthew maureen maurice maxine maxwell
    meera mehmet mehul melanie melissa meryl michael michaela michal michele michelle miguel
    mildred millie milo minal miranda miriam mitesh mohamed mohammad mohammed mohan mohinder
    moira mollie molly monica monika mubarak muhammad mukesh muriel mustafa myra nadeem nadia
    naomi narinder nasreen natalia natalie natasha nathan nathaniel naveed navin nazir neeta
    neha neil nellie nicholas nicky nicola nicole nigel nikhil nikita nilesh nimesh nina nisha
    nishil nitin noel nora noreen norma norris odette olga oliver olivia ollie omar oskar owen
    paige pamela pankaj parminder parveen patel patricia patrick patrycja paul paula pauline
    pavel pawel penelope percy perry peter petra phil philip philippa phillip phoebe phyllis
    piers piotr polly poonam prakash pramod pranav praveen preeti priti priya przemyslaw
    pushpa quentin rachael rachel radhika rafal raj rajesh rajinder rajiv rajni rakesh ralph
    ramesh ranjit raquel rashid rashmi ravi ravinder raymond rebecca reece reginald rehana
    rekha renata renee reuben rhiannon rhoda rhona rhys ricardo richard richie rita ritesh
    robert roberta roberto rodney roger rohan rohit roisin roland romesh ron ronald rory
    rosalind rosaline rosamund rosanna roseanne rosie roslyn rowena roxanne roy rupa rupert
    rupinder russell ruth ryan ryszard sabina sabrina sadia sadie saeed sajid saleem salim
    sally salma sam samantha samir samuel sandeep sandra sangita sanjay sanjeev sara sarah
    sarita saskia satish satnam satwinder savita scott sean sebastian seema selina serena
    shabana shabir shahid shakeel shamim shane shannon sharon shaun shauna sheila shelagh
    shelley sheree sheryl shilpa shirley shital shiv shobha shona shreya sian sidney siegfried
    silvia simon simone sinead siobhan slawomir sofia sohail sonal sonia sophia sophie spencer
    stacey stan stanislaw stefan stefania stella stephanie stephen steve steven stewart stuart
    subhash sue suhail sukhdev sukhjit sukhwinder sunil sunita suraj suresh surinder surjit
    susan susanna susannah susie suzanne sybil sylvia sylwia tahir tamara tammy tanya tara
    tariq tejal terence teresa terry thelma theo theodore theresa thomas tiffany tim timothy
    tina toby tom tomasz tommy tony tracey tracy trevor trish tristan tyrone uma umar
    ursula urszula usha valerie vanessa varsha vera verity vernon veronica vicky victor vijay
    vikas vikram vimal vinay vincent vinod vishal vivian vivien vivienne waheed
    waleed wally walter wanda waseem wayne wendy wilfred wilhelmina william winifred winston
    wojciech yasin yasmin yolanda yousef yusuf yvette yvonne zachary zahid zahra zainab zara
    zbigniew zeenat zelda zoe zofia zoya zsofia zubair
    """
)
"""Those that are hardly anything else."""
FORENAMES_OR_WORDS = word_set(
    """
    adam amber angus april austin ava bill bob brooke carter chase clark clay daisy dawn dean
    drew eve faith florence frank glen grace grant guy hazel heather holly hope isla ivy jack
    jade jean jordan joy june lee lily lola mark mason max mia morgan neal neville noah norman
    oscar paris pearl penny poppy ray reed riley robin rod roman rose rosemary ross ruby
    sandy skye stanley summer sydney taylor tyler victoria viola violet
    """
)
"""Those that are a word or a place besides; what is mostly a word (May, Will) is left out."""
